import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';

import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { Migration } from './load-migrations.js';
import { MigrationError } from './migration-error.js';
import {
  ENSURE_LOG,
  finishedSql,
  READ_LOG,
  type RecordedMigration,
  recordFailure,
  startedSql,
} from './migration-log.js';
import { type MigrationPlan, planMigrations } from './plan-migrations.js';

/** Prisma's own migrate command takes this very lock, so that the two keep out of each other's way. */
const PRISMA_LOCK = 72_707_369;
const OTHER_MIGRATOR_WAIT_MS = 120_000;
/** What the server has to end a statement by itself, before its connection is given up. */
const ANSWER_GRACE_MS = 10_000;

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
  /** How long one statement may take; the connection is given up when the server does not keep to it. */
  readonly statementLimitMs?: number;
  /** Called before the first of what is lacking is applied, for whoever has to know of it even should the process die then. */
  readonly beforeApplying?: (plan: MigrationPlan) => Promise<void>;
}

type Limits = Required<Omit<MigrateOptions, 'beforeApplying'>> & Pick<MigrateOptions, 'beforeApplying'>;

const LIMITS: Limits = { lockTimeoutMs: 5_000, attempts: 6, statementLimitMs: 30 * 60_000 };

/**
 * Brings one database up to date. `client` is a direct connection used for nothing else, as the role that owns the
 * tables; its session settings are changed. A database that lacks nothing costs three messages, and each migration
 * one more.
 * @throws MigrationError, or PostgreSQL's error with the name of the migration in front
 */
export async function migrateDatabase(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  options: MigrateOptions = {},
): Promise<MigrationOutcome> {
  const limits = { ...LIMITS, ...options };
  const recorded = await lockAndRead(client, limits);
  if (recorded) {
    try {
      return await applyPending(client, migrations, recorded, limits);
    } finally {
      // A connection that has failed has given the lock back already.
      await client.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`).catch(() => undefined);
    }
  }
  return withAdvisoryLock(client, { name: PRISMA_LOCK, waitMs: OTHER_MIGRATOR_WAIT_MS }, async () => {
    await client.query(`${ENSURE_LOG}; SET lock_timeout = ${Math.trunc(limits.lockTimeoutMs)}`);
    const { rows } = await client.query<RecordedMigration>(READ_LOG);
    return applyPending(client, migrations, rows, limits);
  });
}

/** The history, with the lock held; null when another migrator is at work on this database. */
async function lockAndRead(client: pg.ClientBase, limits: Limits): Promise<RecordedMigration[] | null> {
  const [lock] = await lastRows<{ taken: boolean }>(
    client,
    `${sessionSettings(limits)}; SELECT pg_try_advisory_lock(${PRISMA_LOCK}) AS taken`,
  );
  return lock?.taken === true ? lastRows<RecordedMigration>(client, `${ENSURE_LOG}; ${READ_LOG}`) : null;
}

/** Sends several statements as one message, and returns the rows of the last one. */
async function lastRows<R>(client: pg.ClientBase, statements: string): Promise<R[]> {
  const results = (await client.query(statements)) as unknown as readonly { rows: R[] }[];
  return results.at(-1)?.rows ?? [];
}

function sessionSettings({ lockTimeoutMs, statementLimitMs }: Limits): string {
  return `SET search_path = public; SET idle_in_transaction_session_timeout = 0; SET client_min_messages = warning;
    SET statement_timeout = ${Math.trunc(statementLimitMs)}; SET lock_timeout = ${Math.trunc(lockTimeoutMs)}`;
}

async function applyPending(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  recorded: readonly RecordedMigration[],
  limits: Limits,
): Promise<MigrationOutcome> {
  const plan = planMigrations(migrations, recorded);
  if (plan.pending.length > 0) await limits.beforeApplying?.(plan);
  for (const migration of plan.pending) {
    if (migration.transactional) await applyPersistently(client, migration, limits);
    else await applyOutsideTransaction(client, migration, limits);
  }
  const applied = plan.pending.map((migration) => migration.name);
  return { applied, from: plan.newest, to: [plan.newest ?? '', ...applied].sort().at(-1) || null };
}

/** Tables that are in use are waited for a few times, and let go in between. */
async function applyPersistently(client: pg.ClientBase, migration: Migration, limits: Limits): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await applyInTransaction(client, migration, limits);
      return;
    } catch (error) {
      const state = sqlStateOf(error);
      const passes = state === SQL_STATE.lockNotAvailable || state === SQL_STATE.deadlockDetected;
      if (!passes || attempt >= limits.attempts) throw failure(migration, error);
      await sleep(200 * 2 ** (attempt - 1));
    }
  }
}

/** The migration and the row that records it are committed together, or not at all. All of it is one message. */
async function applyInTransaction(
  client: pg.ClientBase,
  migration: Migration,
  limits: Limits,
): Promise<void> {
  const { id, sql } = startedSql(migration);
  const statements = ['BEGIN', sql, ...migration.statements, finishedSql(id), 'COMMIT'];
  try {
    // The file may end in a comment, which must not swallow what follows.
    await send(client, statements.join('\n;\n'), limits);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** What was done stays done when this fails, so that it is recorded as begun first and never tried again by itself. */
async function applyOutsideTransaction(
  client: pg.ClientBase,
  migration: Migration,
  limits: Limits,
): Promise<void> {
  const { id, sql } = startedSql(migration);
  await client.query(sql);
  try {
    for (const statement of migration.statements) await send(client, statement, limits);
  } catch (error) {
    const failed = failure(migration, error);
    await recordFailure(client, id, failed.message).catch(() => undefined);
    throw failed;
  }
  await client.query(finishedSql(id));
}

/** A server that has stopped answering is not waited for longer than one that keeps to its statement_timeout. */
async function send(client: pg.ClientBase, text: string, { statementLimitMs }: Limits): Promise<void> {
  // `query_timeout` is a setting of single queries too, which the types of `pg` do not say.
  const query: pg.QueryConfig & { query_timeout: number } = {
    text,
    query_timeout: statementLimitMs + ANSWER_GRACE_MS,
  };
  await client.query(query);
}

function failure(migration: Migration, cause: unknown): MigrationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const state = sqlStateOf(cause);
  return new MigrationError(
    `The migration ${migration.name} failed: ${reason}${state ? ` (${state})` : ''}`,
    { cause },
  );
}
