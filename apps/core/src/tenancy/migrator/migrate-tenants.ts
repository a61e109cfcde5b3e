import type pg from 'pg';

import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';
import type { Migration } from './load-migrations.js';
import { migrateDatabase, type MigrationOutcome } from './migrate-database.js';
import {
  type DatabaseResult,
  forgetResult,
  recordPending,
  recordResult,
  recordRunning,
} from './migration-runs.js';

/** What all databases of a run are migrated with. */
export interface TenantMigration {
  readonly runId: string;
  readonly central: pg.Pool;
  readonly servers: ReadonlyMap<string, DatabaseServer>;
  readonly migrations: readonly Migration[];
  readonly concurrency: number;
  readonly signal: AbortSignal | null;
  onResult(result: DatabaseResult): void;
}

interface TenantDatabaseRow {
  id: string;
  tenant_id: string;
  server_id: string;
  database_name: string;
}

/**
 * Migrates every active tenant database. One that fails does not stop the others. When all are done it looks for
 * databases that were made of the old template meanwhile, until there are none.
 */
export async function migrateTenants(run: TenantMigration): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const rows = (await activeDatabases(run.central)).filter(({ id }) => !seen.has(id));
    if (rows.length === 0 || run.signal?.aborted === true) return;
    for (const { id } of rows) seen.add(id);
    await recordPending(run.central, run.runId, [...seen]);
    // Each worker takes the next database as soon as it is free: a slow one holds nobody else up.
    const waiting = rows.values();
    const worker = async () => {
      for (const row of waiting) {
        if (run.signal?.aborted === true) return;
        await migrateTenant(run, row);
      }
    };
    await Promise.all(Array.from({ length: Math.min(run.concurrency, rows.length) }, worker));
  }
}

async function migrateTenant(run: TenantMigration, row: TenantDatabaseRow): Promise<void> {
  await recordRunning(run.central, run.runId, row.id);
  const result = await measured({ id: row.id, tenantId: row.tenant_id }, async () => {
    const server = run.servers.get(row.server_id);
    if (!server) throw new Error(`There is no database server ${row.server_id}.`);
    const outcome = await withAdminClient(
      server,
      (c) => migrateDatabase(c, run.migrations),
      row.database_name,
    );
    await recordVersion(run.central, row, outcome);
    return outcome;
  });
  if (result.status === 'failed' && !(await isActive(run.central, row.id))) {
    await forgetResult(run.central, run.runId, row.id);
    return;
  }
  await recordResult(run.central, run.runId, result);
  run.onResult(result);
}

/** Runs one database's migration, and says what came of it. */
export async function measured(
  database: { id: string; tenantId: string | null },
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

/** Every process hears of the new version, and serves the database from then on if it had refused to. */
async function recordVersion(
  central: pg.Pool,
  row: TenantDatabaseRow,
  outcome: MigrationOutcome,
): Promise<void> {
  await central.query(
    `WITH changed AS (
       UPDATE tenant_databases SET schema_version = $2, updated_at = now()
        WHERE id = $1 AND schema_version IS DISTINCT FROM $2 RETURNING tenant_id)
     SELECT pg_notify('nova_changes', json_build_object('kind', 'tenant', 'tenantId', tenant_id)::text) FROM changed`,
    [row.id, outcome.to],
  );
}

async function activeDatabases(central: pg.Pool): Promise<TenantDatabaseRow[]> {
  const { rows } = await central.query<TenantDatabaseRow>(
    `SELECT id, tenant_id, server_id, database_name FROM tenant_databases WHERE status = 'active' ORDER BY id`,
  );
  return rows;
}

async function isActive(central: pg.Pool, id: string): Promise<boolean> {
  const { rowCount } = await central.query(
    `SELECT FROM tenant_databases WHERE id = $1 AND status = 'active'`,
    [id],
  );
  return rowCount === 1;
}
