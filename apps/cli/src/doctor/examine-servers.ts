import type { Config } from '@nova/core/platform/config/config.schema.js';
import { Redis } from 'ioredis';
import pg from 'pg';

import type { Finding } from './finding.js';

const LIMIT_MS = 5_000;
const CLOCK_SKEW_MS_MAX = 2_000;
const OLDEST_POSTGRES = 150_000;

/** Whether central answers, is new enough, and goes by the same clock as this machine. */
export async function examineCentral(config: Config): Promise<Finding> {
  const subject = 'Central database';
  return onServer(subject, config.centralDatabaseUrl, async (client) => {
    const { rows } = await client.query<{ version: number; now: Date }>(
      "SELECT current_setting('server_version_num')::int AS version, clock_timestamp() AS now",
    );
    const skewMs = Math.abs((rows[0]?.now.getTime() ?? 0) - Date.now());
    const version = rows[0]?.version ?? 0;
    const detail = `PostgreSQL ${Math.floor(version / 10_000)}`;
    if (version < OLDEST_POSTGRES) {
      return { status: 'problem', subject, detail, remedy: 'PostgreSQL 15 or newer is needed.' };
    }
    if (skewMs > CLOCK_SKEW_MS_MAX) {
      const remedy = 'Set both clocks by NTP: what is due is compared with both.';
      return { status: 'warning', subject, detail: `${detail}, its clock is ${skewMs} ms off`, remedy };
    }
    return { status: 'ok', subject, detail };
  });
}

/** Whether tenant databases can be made, and enough of them be connected to. */
export async function examineTenantServer(config: Config): Promise<Finding[]> {
  const rights = await onServer('Tenant databases', config.internalPostgresUrl, async (client) => {
    const subject = 'Tenant databases';
    const { rows } = await client.query<{ able: boolean }>(
      'SELECT rolsuper OR (rolcreatedb AND rolcreaterole) AS able FROM pg_roles WHERE rolname = current_user',
    );
    if (rows[0]?.able) return { status: 'ok', subject, detail: 'can be made' };
    const remedy = 'The role of INTERNAL_POSTGRES_URL needs CREATEDB and CREATEROLE.';
    return { status: 'problem', subject, detail: 'cannot be made', remedy };
  });
  const connections = await onServer('Connections', config.internalPostgresUrl, async (client) => {
    const subject = 'Connections';
    const { rows } = await client.query<{ max: number }>(
      "SELECT current_setting('max_connections')::int AS max",
    );
    const max = rows[0]?.max ?? 0;
    const wanted = config.tenantConnectionBudget;
    const detail = `a process uses up to ${wanted} of ${max}`;
    if (wanted < max) return { status: 'ok', subject, detail };
    const remedy = 'Lower TENANT_CONNECTION_BUDGET, raise max_connections, or put PgBouncer in between.';
    return { status: 'warning', subject, detail, remedy };
  });
  return [rights, connections];
}

/** Whether the queues' server keeps what it is given. */
export async function examineQueues(config: Config): Promise<Finding> {
  const subject = 'Queues';
  const { queue } = config;
  if (queue.backend === 'postgres') {
    return onServer(subject, queue.url, async (client) => {
      const { rowCount } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname = 'bullmq'");
      if (rowCount) return { status: 'ok', subject, detail: 'in PostgreSQL' };
      const remedy = 'Run nova migrate --all.';
      return { status: 'problem', subject, detail: 'their schema is missing in PostgreSQL', remedy };
    });
  }
  const redis = new Redis(queue.url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1] ?? 'unknown';
    if (policy === 'noeviction') return { status: 'ok', subject, detail: 'in Redis' };
    const remedy = 'Set maxmemory-policy to noeviction: an evicted key is a lost job.';
    return { status: 'problem', subject, detail: `Redis evicts keys (${policy})`, remedy };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { status: 'problem', subject, detail, remedy: 'Check REDIS_URL and whether the server runs.' };
  } finally {
    redis.disconnect();
  }
}

async function onServer(
  subject: string,
  connectionString: string,
  look: (client: pg.Client) => Promise<Finding>,
): Promise<Finding> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: LIMIT_MS,
    query_timeout: LIMIT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await look(client);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { status: 'problem', subject, detail, remedy: 'Check the URL and whether the server runs.' };
  } finally {
    await client.end().catch(() => undefined);
  }
}
