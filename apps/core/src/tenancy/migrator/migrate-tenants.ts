import type pg from 'pg';

import type { DatabaseServer } from '../servers/admin-client.js';
import { currentDatabase, type FleetDatabase } from './fleet-databases.js';
import type { Migration } from './load-migrations.js';
import { migrateDatabase, type MigrationOutcome } from './migrate-database.js';
import type { DatabaseResult, Phase } from './migration-runs.js';
import type { Rollout } from './rollout.js';
import type { RunJournal } from './run-journal.js';
import type { ServerConnections } from './server-connections.js';
import { stealWork } from './steal-work.js';

/** A database that is slower than this is taken to hang, and others go on beside it. */
const LEND_AFTER_MS = 2_000;

/** What all databases of a run are migrated with. */
export interface TenantMigration {
  readonly central: pg.Pool;
  readonly journal: RunJournal;
  readonly connections: ServerConnections;
  readonly servers: ReadonlyMap<string, DatabaseServer>;
  readonly migrations: readonly Migration[];
  readonly rollout: Rollout;
  readonly mayBegin: () => boolean;
  readonly onResult: (result: DatabaseResult) => void;
}

/** Migrates these tenant databases. One that fails does not stop the others. */
export async function migrateTenants(
  run: TenantMigration,
  phase: Phase,
  databases: readonly FleetDatabase[],
): Promise<void> {
  const places = { count: run.rollout.concurrency, lendAfterMs: LEND_AFTER_MS, mayBegin: run.mayBegin };
  await stealWork(databases, places, (database) => migrateTenant(run, phase, database));
}

async function migrateTenant(run: TenantMigration, phase: Phase, database: FleetDatabase): Promise<void> {
  run.journal.begun(database.id);
  let result = await visit(run, phase, database, 1);
  if (result.status === 'failed') {
    // While central is away too, as when they share a server that restarts, the failure stands: what others are at goes on.
    const now = await currentDatabase(run.central, database.id).catch(() => database);
    // It was retired meanwhile, or has moved to another server.
    if (!now) return run.journal.forget([database.id]);
    if (now.serverId !== database.serverId) result = await visit(run, phase, now, 2);
  }
  run.journal.finished(result);
  run.onResult(result);
}

function visit(
  run: TenantMigration,
  phase: Phase,
  database: FleetDatabase,
  attempts: number,
): Promise<DatabaseResult> {
  const { id, tenantId, slug: name, mode } = database;
  return measured({ id, tenantId, name, mode, phase, attempts }, async () => {
    const server = run.servers.get(database.serverId);
    if (!server) throw new Error(`There is no database server ${database.serverId}.`);
    const { statementLimitMs } = run.rollout;
    return run.connections.with(server, database.databaseName, (client) =>
      migrateDatabase(client, run.migrations, { statementLimitMs }),
    );
  });
}

/** A database that central says lacks nothing, and that is not opened. */
export function untouched(
  { id, tenantId, slug, mode, version }: FleetDatabase,
  phase: Phase,
): DatabaseResult {
  return {
    id,
    tenantId,
    name: slug,
    mode,
    phase,
    attempts: 0,
    status: 'succeeded',
    from: version,
    to: version,
    durationMs: 0,
    error: null,
  };
}

/** Runs one database's migration, and says what came of it. */
export async function measured(
  database: Pick<DatabaseResult, 'id' | 'tenantId' | 'name' | 'mode' | 'phase' | 'attempts'>,
  migrate: () => Promise<MigrationOutcome>,
): Promise<DatabaseResult> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    const { from, to } = await migrate();
    return { ...database, from, to, status: 'succeeded', durationMs: durationMs(), error: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...database, from: null, to: null, status: 'failed', durationMs: durationMs(), error: message };
  }
}
