import pg from 'pg';
import { inject } from 'vitest';

import { asSuperuser, type PlatformDatabases } from './central-database.js';

/** The URL of a tenant's own database, as the superuser may open it: for what no tenant could do, and no route shows. */
export async function tenantDatabaseUrl(
  databases: PlatformDatabases,
  tenantId: string,
  mode: 'test' | 'live' = 'test',
  superuserUrl = inject('postgresUrl'),
): Promise<string> {
  const name = await asSuperuser(databases.centralUrl, async (central) => {
    const { rows } = await central.query<{ database_name: string }>(
      "SELECT database_name FROM tenant_databases WHERE tenant_id = $1 AND mode = $2 AND status = 'active'",
      [tenantId, mode],
    );
    return rows[0]?.database_name;
  });
  if (name === undefined) throw new Error(`${tenantId} has no ${mode} database.`);
  const url = new URL(superuserUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** A connection that a test holds open, say to lock what a request is going to need. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
