import { setTimeout as sleep } from 'node:timers/promises';

import type pg from 'pg';
import type { Logger } from 'pino';

import type { FleetDatabase } from './fleet-databases.js';
import type { DatabaseResult, Phase } from './migration-runs.js';

const FLUSH_MS = 100;
const HEARTBEAT_MS = 5_000;
/** For how long central may be away at the end before the last results are given up. */
const PERSISTENCE_MS = 30_000;

type Entry = Pick<DatabaseResult, 'id' | 'from' | 'to' | 'attempts' | 'durationMs' | 'error'> & {
  status: 'running' | 'succeeded' | 'failed';
};

/**
 * Writes into central what becomes of a run's databases, many in one statement. What is not written when the process dies is
 * not lost: every database keeps its own history, and the next run reads it there.
 */
export class RunJournal {
  private waiting = new Map<string, Entry>();
  private writing: Promise<void> = Promise.resolve();
  private writtenAt = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly central: pg.Pool,
    private readonly runId: string,
    private readonly log: Pick<Logger, 'warn'> | null,
  ) {
    this.timer = setInterval(() => {
      const due = this.waiting.size > 0 || performance.now() - this.writtenAt > HEARTBEAT_MS;
      if (due)
        void this.flush().catch((err: unknown) => this.log?.warn({ err }, 'Results are not written yet.'));
    }, FLUSH_MS);
  }

  /** Lists databases as still to be done, so that a run that is cut off shows what it left out. */
  async plan(
    databases: readonly FleetDatabase[],
    phaseOf: (database: FleetDatabase) => Phase,
  ): Promise<void> {
    const rows = databases.map((database) => ({ id: database.id, phase: phaseOf(database) }));
    await this.central.query(
      `INSERT INTO migration_results (run_id, tenant_database_id, status, phase)
       SELECT $1, id, 'pending', phase FROM jsonb_to_recordset($2) AS r(id text, phase text) ON CONFLICT DO NOTHING`,
      [this.runId, JSON.stringify(rows)],
    );
  }

  /** The databases that are still to be done, by phase; those that are retired by now are left out. */
  async pending(): Promise<Map<string, Phase>> {
    const { rows } = await this.central.query<{ id: string; phase: Phase }>(
      `SELECT tenant_database_id AS id, phase FROM migration_results WHERE run_id = $1 AND status = 'pending'`,
      [this.runId],
    );
    return new Map(rows.map(({ id, phase }) => [id, phase]));
  }

  /** Whether a canary of this run has failed and nobody has tried it again. */
  async hasFailedCanary(): Promise<boolean> {
    const { rowCount } = await this.central.query(
      `SELECT FROM migration_results WHERE run_id = $1 AND phase = 'canary' AND status = 'failed' LIMIT 1`,
      [this.runId],
    );
    return rowCount === 1;
  }

  /** Every database that the run has on its list. */
  async known(): Promise<Set<string>> {
    const { rows } = await this.central.query<{ id: string }>(
      'SELECT tenant_database_id AS id FROM migration_results WHERE run_id = $1',
      [this.runId],
    );
    return new Set(rows.map(({ id }) => id));
  }

  begun(id: string): void {
    this.waiting.set(id, {
      id,
      status: 'running',
      from: null,
      to: null,
      attempts: 0,
      durationMs: 0,
      error: null,
    });
  }

  finished({ id, status, from, to, attempts, durationMs, error }: DatabaseResult): void {
    this.waiting.set(id, { id, status, from, to, attempts, durationMs, error });
  }

  /** Writes central's and the templates' results, which are no tenant databases and have not been planned. */
  async record(result: DatabaseResult): Promise<void> {
    await this.central.query(
      `INSERT INTO migration_results (run_id, tenant_database_id, status, phase) VALUES ($1, $2, 'pending', $3)
       ON CONFLICT DO NOTHING`,
      [this.runId, result.id, result.phase],
    );
    this.finished(result);
    await this.flush();
  }

  /** Forgets databases that were retired while the run was under way. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.waiting.delete(id);
    await this.flush();
    await this.central.query(
      'DELETE FROM migration_results WHERE run_id = $1 AND tenant_database_id = ANY($2)',
      [this.runId, ids],
    );
  }

  /** Writes what is waiting. What could not be written waits on. */
  flush(): Promise<void> {
    this.writing = this.writing.catch(() => undefined).then(() => this.write());
    return this.writing;
  }

  /** Writes the last of it, for a while even while central is away. @throws what central says in the end */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const deadline = performance.now() + PERSISTENCE_MS;
    for (;;) {
      try {
        await this.flush();
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(500);
      }
    }
  }

  private async write(): Promise<void> {
    const entries = this.waiting;
    this.waiting = new Map();
    try {
      await this.central.query(WRITE, [this.runId, JSON.stringify([...entries.values()])]);
      this.writtenAt = performance.now();
    } catch (error) {
      // What came meanwhile is newer.
      this.waiting = new Map([...entries, ...this.waiting]);
      throw error;
    }
  }
}

/** Results, versions, and the announcement that makes every process serve a migrated database by its new version. */
const WRITE = `
  WITH entry AS (
    SELECT * FROM jsonb_to_recordset($2) AS e(
      id text, status text, "from" text, "to" text, attempts int, "durationMs" int, error text)),
  alive AS (UPDATE migration_runs SET heartbeat_at = now() WHERE id = $1),
  noted AS (
    UPDATE migration_results r
       SET status = e.status, from_version = e."from", to_version = e."to", attempts = r.attempts + e.attempts,
           duration_ms = e."durationMs", error = e.error,
           finished_at = CASE WHEN e.status = 'running' THEN NULL ELSE now() END
      FROM entry e WHERE r.run_id = $1 AND r.tenant_database_id = e.id),
  changed AS (
    UPDATE tenant_databases d SET schema_version = e."to", updated_at = now()
      FROM entry e
     WHERE d.id = e.id AND e.status = 'succeeded' AND e.attempts > 0 AND d.schema_version IS DISTINCT FROM e."to"
    RETURNING d.tenant_id)
  SELECT pg_notify('nova_changes', json_build_object('kind', 'tenant', 'tenantId', tenant_id)::text)
    FROM (SELECT DISTINCT tenant_id FROM changed) AS tenants`;
