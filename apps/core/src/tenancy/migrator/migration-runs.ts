import type pg from 'pg';

import { newId } from '../../platform/ids/new-id.js';
import { MigrationError, UnknownNameError } from './migration-error.js';
import { type Rollout, RolloutSchema } from './rollout.js';

/** paused: its canaries are done, and the rest waits for somebody to go on. */
export type RunStatus = 'succeeded' | 'failed' | 'interrupted' | 'paused';
export type Phase = 'central' | 'template' | 'canary' | 'rest';

/** What a run came to for one database. `id` is `central`, `template:<server id>` or a tenant database's id. */
export interface DatabaseResult {
  readonly id: string;
  readonly tenantId: string | null;
  /** The tenant's slug, or the server's name of a template. */
  readonly name: string;
  readonly mode: string | null;
  readonly phase: Phase;
  readonly status: 'succeeded' | 'failed';
  readonly from: string | null;
  readonly to: string | null;
  /** How often it was tried this time; nought when central's word was taken that nothing is lacking. */
  readonly attempts: number;
  readonly durationMs: number;
  readonly error: string | null;
}

export interface MigrationRun {
  readonly id: string;
  readonly target: string;
  readonly rollout: Rollout;
}

/**
 * A run that is gone on with: with what it has left, or with what has failed in it and then what it has left. A null id
 * means the latest that has such.
 */
export interface Continuation {
  readonly what: 'rest' | 'failures';
  readonly runId: string | null;
}

/** Says of runs whose process is gone that they were interrupted. Only whoever holds the lock of the fleet may tell. */
export async function noteDeadRuns(central: pg.ClientBase): Promise<void> {
  await central.query(
    `UPDATE migration_runs SET status = 'interrupted', finished_at = heartbeat_at WHERE status = 'running'`,
  );
}

/** Opens a run. `target` is the version that tenant databases are brought to. */
export async function openRun(
  central: pg.ClientBase,
  target: string,
  rollout: Rollout,
  startedBy: string,
): Promise<MigrationRun> {
  const id = newId('mrun');
  await central.query(
    'INSERT INTO migration_runs (id, target, options, started_by) VALUES ($1, $2, $3, $4)',
    [id, target, JSON.stringify(rollout), startedBy],
  );
  return { id, target, rollout };
}

/**
 * Opens a run again. What it was at when it ended, and for a retry what failed, counts as not begun.
 * @throws UnknownNameError when there is no such run
 * @throws MigrationError when it has nothing of the kind left, or was for another build
 */
export async function reopenRun(
  central: pg.ClientBase,
  target: string,
  { what, runId }: Continuation,
  changes: Partial<Rollout>,
): Promise<MigrationRun> {
  const run = await findRun(central, what, runId);
  if (run.target !== target) {
    throw new MigrationError(
      `The run ${run.id} brings databases to ${run.target}, and this build to ${target}. Go on with the build that ` +
        'it was begun with, or begin a new run: it finds by itself what is left.',
    );
  }
  const rollout = RolloutSchema.parse({ ...RolloutSchema.parse(run.options), ...changes });
  await central.query(
    `WITH reopened AS (
       UPDATE migration_runs SET status = 'running', heartbeat_at = now(), finished_at = NULL, options = $2 WHERE id = $1)
     UPDATE migration_results SET status = 'pending'
      WHERE run_id = $1 AND phase IN ('canary', 'rest') AND status = ANY($3)`,
    [run.id, JSON.stringify(rollout), what === 'failures' ? ['running', 'failed'] : ['running']],
  );
  return { id: run.id, target, rollout };
}

interface RunRow {
  id: string;
  target: string;
  options: unknown;
  there: boolean;
}

async function findRun(
  central: pg.ClientBase,
  what: Continuation['what'],
  runId: string | null,
): Promise<RunRow> {
  const states = what === 'failures' ? ['failed'] : ['pending', 'running'];
  const { rows } = await central.query<RunRow>(
    `SELECT * FROM (
       SELECT m.id, m.target, m.options, m.started_at,
              EXISTS (SELECT FROM migration_results r
                       WHERE r.run_id = m.id AND r.status = ANY($1) AND r.phase IN ('canary', 'rest')) AS there
         FROM migration_runs m WHERE $2::text IS NULL OR m.id = $2) AS runs
      WHERE there OR $2 IS NOT NULL ORDER BY started_at DESC LIMIT 1`,
    [states, runId],
  );
  const [run] = rows;
  if (!run && runId !== null) throw new UnknownNameError(`There is no run ${runId}.`);
  if (!run?.there) {
    const missing = what === 'failures' ? 'that has failed' : 'left to do';
    throw new MigrationError(
      run ? `The run ${run.id} has no database ${missing}.` : `No run has a database ${missing}.`,
    );
  }
  return run;
}

/** What the run has come to so far, for the tenant databases and all phases before them. */
export async function countResults(
  central: pg.Pool,
  runId: string,
): Promise<{ succeeded: number; failed: number; left: number }> {
  const { rows } = await central.query<{ succeeded: number; failed: number; left: number }>(
    `SELECT count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded,
            count(*) FILTER (WHERE status = 'failed')::int AS failed,
            count(*) FILTER (WHERE status IN ('pending', 'running'))::int AS left
       FROM migration_results WHERE run_id = $1`,
    [runId],
  );
  return rows[0] ?? { succeeded: 0, failed: 0, left: 0 };
}

export async function closeRun(
  central: pg.Pool | pg.ClientBase,
  runId: string,
  status: RunStatus,
): Promise<void> {
  await central.query(
    'UPDATE migration_runs SET status = $2, finished_at = now(), heartbeat_at = now() WHERE id = $1',
    [runId, status],
  );
}
