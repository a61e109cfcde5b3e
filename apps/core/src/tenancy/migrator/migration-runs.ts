import type pg from 'pg';

import { newId } from '../../platform/ids/new-id.js';

export type RunStatus = 'succeeded' | 'failed' | 'interrupted';

/** What a run came to for one database. `id` is `central`, `template:<server id>` or a tenant database's id. */
export interface DatabaseResult {
  readonly id: string;
  readonly tenantId: string | null;
  readonly status: 'succeeded' | 'failed';
  readonly from: string | null;
  readonly to: string | null;
  readonly durationMs: number;
  readonly error: string | null;
}

/**
 * Opens a run. Only one is under way at a time, so that one that still says it is running has lost its process.
 * `target` is the version that tenant databases are brought to.
 */
export async function openRun(central: pg.ClientBase, target: string, startedBy: string): Promise<string> {
  const id = newId('mrun');
  await central.query(
    `UPDATE migration_runs SET status = 'interrupted', finished_at = now() WHERE status = 'running'`,
  );
  await central.query('INSERT INTO migration_runs (id, target, started_by) VALUES ($1, $2, $3)', [
    id,
    target,
    startedBy,
  ]);
  return id;
}

/** Lists databases as still to be done, so that a run that is cut off shows what it left out. */
export async function recordPending(
  central: pg.Pool | pg.ClientBase,
  runId: string,
  ids: readonly string[],
): Promise<void> {
  await central.query(
    `INSERT INTO migration_results (run_id, tenant_database_id, status)
     SELECT $1, id, 'pending' FROM unnest($2::text[]) AS id ON CONFLICT DO NOTHING`,
    [runId, ids],
  );
}

export async function recordRunning(
  central: pg.Pool | pg.ClientBase,
  runId: string,
  id: string,
): Promise<void> {
  await central.query(
    `UPDATE migration_results SET status = 'running' WHERE run_id = $1 AND tenant_database_id = $2`,
    [runId, id],
  );
}

export async function recordResult(
  central: pg.Pool | pg.ClientBase,
  runId: string,
  result: DatabaseResult,
): Promise<void> {
  await central.query(
    `INSERT INTO migration_results
       (run_id, tenant_database_id, status, from_version, to_version, duration_ms, error, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now())
     ON CONFLICT (run_id, tenant_database_id) DO UPDATE SET
       status = excluded.status, from_version = excluded.from_version, to_version = excluded.to_version,
       duration_ms = excluded.duration_ms, error = excluded.error, finished_at = excluded.finished_at`,
    [runId, result.id, result.status, result.from, result.to, result.durationMs, result.error],
  );
}

/** Forgets a database that was retired while the run was under way. */
export async function forgetResult(central: pg.Pool, runId: string, id: string): Promise<void> {
  await central.query('DELETE FROM migration_results WHERE run_id = $1 AND tenant_database_id = $2', [
    runId,
    id,
  ]);
}

export async function closeRun(
  central: pg.Pool | pg.ClientBase,
  runId: string,
  status: RunStatus,
): Promise<void> {
  await central.query('UPDATE migration_runs SET status = $2, finished_at = now() WHERE id = $1', [
    runId,
    status,
  ]);
}
