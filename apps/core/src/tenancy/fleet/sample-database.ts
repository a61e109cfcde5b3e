import type pg from 'pg';

import { within } from '../../platform/timers/within.js';
import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';

/** A backlog is counted up to here; beyond it the number says nothing more. */
const OUTBOX_COUNTED_MAX = 10_000;
/** A look at a database is cheap. One that takes longer than this finds it in trouble. */
const LOOK_LIMIT_MS = 3_000;
const SILENT_AFTER_MS = 15_000;

/** What a look at one tenant database has found. */
export interface DatabaseSight {
  readonly tenantDatabaseId: string;
  readonly reachable: boolean;
  readonly error: string | null;
  readonly schemaVersion: string | null;
  readonly connections: number;
  readonly sizeBytes: string | null;
  readonly outboxRows: number;
  readonly oldestOutboxAt: Date | null;
}

/** A tenant database that is to be looked at. */
export interface SampledDatabase {
  readonly id: string;
  readonly serverId: string;
  readonly databaseName: string;
}

interface Look {
  version: string | null;
  connections: number;
  size: string;
  outbox: number;
  oldest: Date | null;
}

/**
 * Looks into a tenant database on a connection of its own, as the server's administrator, so that looking takes nothing of
 * the tenants' connections. One that cannot be reached is a finding, not a failure.
 */
export async function sampleDatabase(
  server: DatabaseServer | undefined,
  database: SampledDatabase,
): Promise<DatabaseSight> {
  const nothing = {
    connections: 0,
    sizeBytes: null,
    outboxRows: 0,
    oldestOutboxAt: null,
    schemaVersion: null,
  };
  try {
    if (!server) throw new Error(`There is no database server ${database.serverId}.`);
    const looking = withAdminClient(server, look, database.databaseName);
    // A server that falls silent in the middle of it would keep the round, and the stop of the process, waiting.
    looking.catch(() => undefined);
    const seen = await within(SILENT_AFTER_MS, looking);
    return {
      tenantDatabaseId: database.id,
      reachable: true,
      error: null,
      schemaVersion: seen.version,
      connections: seen.connections,
      sizeBytes: seen.size,
      outboxRows: seen.outbox,
      oldestOutboxAt: seen.oldest,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...nothing, tenantDatabaseId: database.id, reachable: false, error: message.slice(0, 500) };
  }
}

async function look(client: pg.Client): Promise<Look> {
  await client.query(`SET statement_timeout = ${LOOK_LIMIT_MS}`);
  const { rows } = await client.query<Look>(
    `SELECT (SELECT max(migration_name COLLATE "C") FROM _prisma_migrations
              WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL) AS version,
            (SELECT count(*)::int FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid()) AS connections,
            pg_database_size(current_database())::text AS size,
            (SELECT count(*)::int FROM (SELECT FROM outbox LIMIT ${OUTBOX_COUNTED_MAX}) AS counted) AS outbox,
            (SELECT min(created_at) FROM outbox) AS oldest`,
  );
  const [seen] = rows;
  if (!seen) throw new Error('The database answered nothing.');
  return seen;
}
