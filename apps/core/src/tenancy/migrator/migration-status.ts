import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { withCentralClient } from '../prepare-platform.js';
import { oldestServedVersion, requiredTenantVersion } from './schema-versions.js';

const RUNS_SHOWN = 10;
/** Six heartbeats: a run that has been silent for this long has lost its process. */
const SILENT_SECONDS = 30;

/** A tenant database that lacks something of this build. */
export interface Straggler {
  readonly databaseId: string;
  readonly tenantId: string;
  readonly slug: string;
  readonly mode: string;
  readonly version: string | null;
  /** Whether this build serves it meanwhile, as it does the version of the release before. */
  readonly served: boolean;
  /** Why the last run did not bring it up to date, if that tried. */
  readonly error: string | null;
}

export interface MigrationStatus {
  /** The version that tenant databases are brought to. */
  readonly required: string;
  /** The oldest version that is served. */
  readonly oldestServed: string;
  /** How many tenant databases are at which version, newest first. */
  readonly versions: readonly { version: string | null; databases: number }[];
  readonly stragglers: readonly Straggler[];
  /** The latest run. */
  readonly lastRun: RunSummary | null;
  /** The latest runs, newest first. */
  readonly runs: readonly RunSummary[];
}

export interface RunSummary {
  readonly id: string;
  /** running | paused | succeeded | failed | interrupted; `lost` is one that is running by its row and has died. */
  readonly status: string;
  readonly target: string;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly succeeded: number;
  readonly failed: number;
  /** Databases that the run did not come to, or was at work on when it was cut off. */
  readonly left: number;
}

/** Where the tenant databases stand, from what central knows: no tenant database is opened. */
export async function migrationStatus(config: Config): Promise<MigrationStatus> {
  const required = requiredTenantVersion();
  return withCentralClient(config, async (central) => {
    const runs = await latestRuns(central);
    return {
      required,
      oldestServed: oldestServedVersion(),
      versions: await versionsOf(central),
      stragglers: await stragglersOf(central, required),
      lastRun: runs[0] ?? null,
      runs,
    };
  });
}

async function versionsOf(central: pg.Client): Promise<MigrationStatus['versions']> {
  const { rows } = await central.query<{ version: string | null; databases: number }>(
    `SELECT schema_version AS version, count(*)::int AS databases FROM tenant_databases
      WHERE status = 'active' GROUP BY 1 ORDER BY 1 DESC`,
  );
  return rows;
}

async function stragglersOf(central: pg.Client, required: string): Promise<Straggler[]> {
  const { rows } = await central.query<Straggler>(
    `SELECT d.id AS "databaseId", d.tenant_id AS "tenantId", t.slug, d.mode, d.schema_version AS version,
            coalesce(d.schema_version COLLATE "C" >= $2, false) AS served,
            (SELECT r.error FROM migration_results r JOIN migration_runs m ON m.id = r.run_id
              WHERE r.tenant_database_id = d.id ORDER BY m.started_at DESC LIMIT 1) AS error
       FROM tenant_databases d JOIN tenants t ON t.id = d.tenant_id
      WHERE d.status = 'active' AND (d.schema_version IS NULL OR d.schema_version COLLATE "C" < $1)
      ORDER BY t.slug, d.mode`,
    [required, oldestServedVersion()],
  );
  return rows;
}

async function latestRuns(central: pg.Client): Promise<RunSummary[]> {
  const { rows } = await central.query<RunSummary>(
    `SELECT m.id, m.target, m.started_by AS "startedBy", m.started_at AS "startedAt", m.finished_at AS "finishedAt",
            CASE WHEN m.status = 'running' AND m.heartbeat_at < now() - make_interval(secs => $2) THEN 'lost'
                 ELSE m.status END AS status,
            count(*) FILTER (WHERE r.status = 'succeeded')::int AS succeeded,
            count(*) FILTER (WHERE r.status = 'failed')::int AS failed,
            count(*) FILTER (WHERE r.status IN ('pending', 'running'))::int AS left
       FROM (SELECT * FROM migration_runs ORDER BY started_at DESC LIMIT $1) m
       LEFT JOIN migration_results r ON r.run_id = m.id
      GROUP BY m.id, m.status, m.target, m.started_by, m.started_at, m.finished_at, m.heartbeat_at
      ORDER BY m.started_at DESC`,
    [RUNS_SHOWN, SILENT_SECONDS],
  );
  return rows;
}
