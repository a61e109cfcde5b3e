import type { Config } from '@nova/core/platform/config/config.schema.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { checkPoolers, type PoolerCheck } from '@nova/core/tenancy/servers/check-poolers.js';
import pg from 'pg';

import type { Finding } from './finding.js';

/** Whether tenants get in through the poolers, where servers have some. */
export async function examinePoolers(config: Config): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: config.centralDatabaseUrl,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await checkPoolers(client, () => openKeyRing(client, config))).map(findingOf);
  } catch {
    // What is wrong with central is told of by its own finding.
    return [];
  } finally {
    await client.end().catch(() => undefined);
  }
}

function findingOf({ server, address, database, problem }: PoolerCheck): Finding {
  const subject = `Pooler of ${server}`;
  if (problem !== null) {
    const remedy =
      'See that PgBouncer runs, and run infra/pgbouncer/install-auth.sql in the template and in tenant databases.';
    return {
      status: 'problem',
      subject,
      detail: `${address} lets nobody into ${database}: ${problem}`,
      remedy,
    };
  }
  const detail =
    database === null ? `${address}, no tenant to try it with yet` : `${address} lets tenants in`;
  return { status: 'ok', subject, detail };
}
