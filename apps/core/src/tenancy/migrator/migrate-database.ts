import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { Migration } from './load-migrations.js';
import { MigrationError } from './migration-error.js';
import {
  ensureMigrationLog,
  readMigrationLog,
  recordFailure,
  recordFinished,
  recordStarted,
} from './migration-log.js';
import { planMigrations } from './plan-migrations.js';

/** Prisma's own migrate command takes this very lock, so that the two keep out of each other's way. */
const PRISMA_LOCK = 72_707_369;
const OTHER_MIGRATOR_WAIT_MS = 120_000;

/** What bringing a database up to date came to. */
export interface MigrationOutcome {
  readonly applied: readonly string[];
  /** The newest migration before and after; null when there was none. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface MigrateOptions {
  /** How long a statement waits for a table that is in use before it lets the queries behind it pass. */
  readonly lockTimeoutMs?: number;
  /** How often a migration is tried when tables were in use. */
  readonly attempts?: number;
}

/**
 * Brings one database up to date. `client` is a direct connection used for nothing else, as the role that owns the
 * tables; its session settings are changed.
 * @throws MigrationError, or PostgreSQL's error with the name of the migration in front
 */
export async function migrateDatabase(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  { lockTimeoutMs = 5_000, attempts = 6 }: MigrateOptions = {},
): Promise<MigrationOutcome> {
  await client.query(
    `SET search_path = public; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
     SET client_min_messages = warning`,
  );
  return withAdvisoryLock(client, { name: PRISMA_LOCK, waitMs: OTHER_MIGRATOR_WAIT_MS }, async () => {
    await ensureMigrationLog(client);
    const plan = planMigrations(migrations, await readMigrationLog(client));
    await client.query(`SET lock_timeout = ${Math.trunc(lockTimeoutMs)}`);
    for (const migration of plan.pending) {
      if (migration.transactional) await applyPersistently(client, migration, attempts);
      else await applyOutsideTransaction(client, migration);
    }
    const applied = plan.pending.map((migration) => migration.name);
    return { applied, from: plan.newest, to: [plan.newest ?? '', ...applied].sort().at(-1) || null };
  });
}

/** Tables that are in use are waited for a few times, and let go in between. */
async function applyPersistently(
  client: pg.ClientBase,
  migration: Migration,
  attempts: number,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await applyInTransaction(client, migration);
      return;
    } catch (error) {
      const state = sqlStateOf(error);
      const passes = state === SQL_STATE.lockNotAvailable || state === SQL_STATE.deadlockDetected;
      if (!passes || attempt >= attempts) throw failure(migration, error);
      await sleep(200 * 2 ** (attempt - 1));
    }
  }
}

/** The migration and the row that records it are committed together, or not at all. */
async function applyInTransaction(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    const id = await recordStarted(client, migration);
    for (const statement of migration.statements) await client.query(statement);
    await recordFinished(client, id);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** What was done stays done when this fails, so that it is recorded as begun first and never tried again by itself. */
async function applyOutsideTransaction(client: pg.ClientBase, migration: Migration): Promise<void> {
  const id = await recordStarted(client, migration);
  try {
    for (const statement of migration.statements) await client.query(statement);
  } catch (error) {
    const failed = failure(migration, error);
    await recordFailure(client, id, failed.message).catch(() => undefined);
    throw failed;
  }
  await recordFinished(client, id);
}

function failure(migration: Migration, cause: unknown): MigrationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const state = sqlStateOf(cause);
  return new MigrationError(
    `The migration ${migration.name} failed: ${reason}${state ? ` (${state})` : ''}`,
    { cause },
  );
}
