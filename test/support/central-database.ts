import { randomBytes } from 'node:crypto';

import pg from 'pg';

/** The databases of one booted platform: URLs as the configuration wants them, and how to drop them all. */
export interface PlatformDatabases {
  centralUrl: string;
  adminUrl: string;
  drop(): Promise<void>;
}

const PASSWORD = 'nova-test';

/**
 * Makes an empty central database of its own, and two roles as production has them: its owner, and an
 * administrator of tenant databases that may create databases and roles but is no superuser.
 */
export async function createPlatformDatabases(superuserUrl: string): Promise<PlatformDatabases> {
  const name = `nova_t_${randomBytes(5).toString('hex')}`;
  const owner = `${name}_owner`;
  const admin = `${name}_admin`;
  await asSuperuser(superuserUrl, async (client) => {
    await client.query(`CREATE ROLE ${owner} LOGIN PASSWORD '${PASSWORD}'`);
    await client.query(`CREATE ROLE ${admin} LOGIN CREATEDB CREATEROLE PASSWORD '${PASSWORD}'`);
    await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  });
  return {
    centralUrl: urlFor(superuserUrl, owner, name),
    adminUrl: urlFor(superuserUrl, admin, 'postgres'),
    drop: () => asSuperuser(superuserUrl, (client) => dropAll(client, owner, admin)),
  };
}

function urlFor(superuserUrl: string, role: string, database: string): string {
  const url = new URL(superuserUrl);
  url.username = role;
  url.password = PASSWORD;
  url.pathname = `/${database}`;
  return url.href;
}

/** Drops the databases that either role owns and every role that the administrator made. */
async function dropAll(client: pg.Client, owner: string, admin: string): Promise<void> {
  const databases = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE r.rolname = ANY($1)',
    [[owner, admin]],
  );
  for (const { datname } of databases.rows) {
    await client.query(`ALTER DATABASE ${datname} IS_TEMPLATE false`);
    await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
  // The pooler's role is the server's, and other platforms' tests are going through it.
  const roles = await client.query<{ rolname: string }>(
    `SELECT DISTINCT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.roleid
       JOIN pg_roles r ON r.oid = a.member WHERE r.rolname = $1 AND m.rolname NOT LIKE 'pg\\_%' AND m.rolname <> 'nova_pooler'`,
    [admin],
  );
  for (const { rolname } of roles.rows) {
    await client.query(`DROP OWNED BY ${rolname} CASCADE`);
    await client.query(`DROP ROLE IF EXISTS ${rolname}`);
  }
  for (const role of [owner, admin]) {
    await client.query(`DROP OWNED BY ${role} CASCADE`);
    await client.query(`DROP ROLE IF EXISTS ${role}`);
  }
}

/** Runs `work` on a superuser's connection, which is closed afterwards. */
export async function asSuperuser<T>(
  superuserUrl: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
