import { readFile } from 'node:fs/promises';
import path from 'node:path';

import pg from 'pg';

import { startPgBouncer } from '../../scripts/pgbouncer.mjs';
import { asSuperuser } from './central-database.js';
import { REPOSITORY } from './source-files.js';

const PASSWORD = 'nova-test';

/** Starts a PgBouncer in front of a PostgreSQL of the tests. */
export async function startPooler(superuserUrl: string): Promise<{ address: string; stop(): Promise<void> }> {
  // The role is there before PgBouncer is, for it is what provisioning looks for.
  await asSuperuser(superuserUrl, async (client) => {
    const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = 'nova_pooler'");
    if (rowCount === 0) await client.query('CREATE ROLE nova_pooler');
    await client.query(`ALTER ROLE nova_pooler LOGIN PASSWORD '${PASSWORD}'`);
  });
  const { hostname, port } = new URL(superuserUrl);
  const pooler = await startPgBouncer({
    host: hostname,
    port: Number(port),
    password: PASSWORD,
  });
  const { address } = pooler;
  if (address === null) throw new Error(pooler.reason ?? 'PgBouncer did not start.');
  return { address, stop: () => pooler.stop() };
}

/** Installs the look-up of passwords in a database, as the README of infra/pgbouncer has it, also in a closed template. */
export async function installPoolerLookUp(superuserUrl: string, database: string): Promise<void> {
  const name = pg.escapeIdentifier(database);
  const url = new URL(superuserUrl);
  url.pathname = `/${database}`;
  await asSuperuser(superuserUrl, async (client) => {
    const { rows } = await client.query<{ open: boolean }>(
      'SELECT datallowconn AS open FROM pg_database WHERE datname = $1',
      [database],
    );
    const isClosed = rows[0]?.open === false;
    if (isClosed) await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await asSuperuser(url.href, async (inside) => inside.query(await installation()));
    if (isClosed) await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  });
}

function installation(): Promise<string> {
  return readFile(path.join(REPOSITORY, 'infra/pgbouncer/install-auth.sql'), 'utf8');
}
