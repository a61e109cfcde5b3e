import { randomUUID } from 'node:crypto';

import pg from 'pg';

import type { Migration } from './load-migrations.js';

/** A row of `_prisma_migrations`. */
export interface RecordedMigration {
  readonly id: string;
  readonly name: string;
  readonly checksum: string;
  readonly finishedAt: Date | null;
  readonly rolledBackAt: Date | null;
  readonly logs: string | null;
}

/** Makes the table that Prisma keeps its history in, column for column. */
export const ENSURE_LOG = `
  CREATE TABLE IF NOT EXISTS public._prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/** What was recorded, oldest first. */
export const READ_LOG = `
  SELECT id, migration_name AS name, checksum, finished_at AS "finishedAt", rolled_back_at AS "rolledBackAt", logs
    FROM public._prisma_migrations ORDER BY started_at, migration_name`;

/** The history of a database that may have none yet, for whoever only looks. */
export async function readMigrationLog(client: pg.ClientBase): Promise<RecordedMigration[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS there`,
  );
  if (rows[0]?.there !== true) return [];
  return (await client.query<RecordedMigration>(READ_LOG)).rows;
}

/** Records a migration as begun; its row says it failed until `finishedSql` has run. */
export function startedSql(migration: Migration): { id: string; sql: string } {
  const id = randomUUID();
  const values = [id, migration.checksum, migration.name].map((value) => pg.escapeLiteral(value)).join(', ');
  return {
    id,
    sql: `INSERT INTO public._prisma_migrations (id, checksum, migration_name) VALUES (${values})`,
  };
}

export function finishedSql(id: string): string {
  return `UPDATE public._prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1
           WHERE id = ${pg.escapeLiteral(id)}`;
}

export async function recordFailure(client: pg.ClientBase, id: string, logs: string): Promise<void> {
  await client.query('UPDATE public._prisma_migrations SET logs = $2 WHERE id = $1', [id, logs]);
}
