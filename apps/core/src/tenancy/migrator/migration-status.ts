import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { withCentralClient } from '../prepare-platform.js';
import { requiredTenantVersion } from './schema-versions.js';

/** A tenant database that lacks what this build needs. */
export interface Straggler {
  readonly databaseId: string;
  readonly tenantId: string;
  readonly slug: string;
  readonly mode: string;
  readonly version: string | null;
  /** Why the last run did not bring it up to date, if that tried. */
  readonly error: string | null;
}

export interface MigrationStatus {
  /** The version that this build needs of tenant databases. */
  readonly required: string;
  /** How many tenant databases are at which version, newest first. */
  readonly versions: readonly { version: string | null; databases: number }[];
  readonly stragglers: readonly Straggler[];
  readonly lastRun: LastRun | null;
}

export interface LastRun {
  readonly id: string;
  readonly status: string;
  readonly target: string;
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
  return withCentralClient(config, async (central) => ({
    required,
    versions: await versionsOf(central),
    stragglers: await stragglersOf(central, required),
    lastRun: await lastRunOf(central),
  }));
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
            (SELECT r.error FROM migration_results r JOIN migration_runs m ON m.id = r.run_id
              WHERE r.tenant_database_id = d.id ORDER BY m.started_at DESC LIMIT 1) AS error
       FROM tenant_databases d JOIN tenants t ON t.id = d.tenant_id
      WHERE d.status = 'active' AND (d.schema_version IS NULL OR d.schema_version COLLATE "C" < $1)
      ORDER BY t.slug, d.mode`,
    [required],
  );
  return rows;
}

async function lastRunOf(central: pg.Client): Promise<LastRun | null> {
  const { rows } = await central.query<LastRun>(
    `SELECT m.id, m.status, m.target, m.started_at AS "startedAt", m.finished_at AS "finishedAt",
            count(*) FILTER (WHERE r.status = 'succeeded')::int AS succeeded,
            count(*) FILTER (WHERE r.status = 'failed')::int AS failed,
            count(*) FILTER (WHERE r.status IN ('pending', 'running'))::int AS left
       FROM migration_runs m LEFT JOIN migration_results r ON r.run_id = m.id
      GROUP BY m.id ORDER BY m.started_at DESC LIMIT 1`,
  );
  return rows[0] ?? null;
}
