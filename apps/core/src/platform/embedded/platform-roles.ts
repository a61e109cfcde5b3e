import pg from 'pg';

import type { Secrets } from './secrets.js';

/** The URLs that a platform on the embedded server is configured with, as `.env` would have them. */
export interface PlatformUrls {
  CENTRAL_DATABASE_URL: string;
  INTERNAL_POSTGRES_URL: string;
}

const CENTRAL = 'nova_central';
const ADMIN = 'nova_admin';

/**
 * Makes the two roles and the central database as a production server has them: an administrator of tenant databases
 * who may create databases and roles but is no superuser, and the owner of the central database.
 */
export async function preparePlatformRoles(
  superuserUrl: string,
  secrets: Secrets['postgres'],
): Promise<PlatformUrls> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await ensureRole(client, ADMIN, 'CREATEDB CREATEROLE', secrets.admin);
    await ensureRole(client, CENTRAL, '', secrets.central);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [CENTRAL]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${CENTRAL} OWNER ${CENTRAL}`);
    // The databases of the server's own are open to every role by default, and so to every tenant's.
    await client.query(`REVOKE ALL ON DATABASE postgres, template1, ${CENTRAL} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE postgres TO ${ADMIN}`);
  } finally {
    await client.end();
  }
  return platformUrls(superuserUrl, secrets);
}

/** The same URLs without touching the server, for those who come to a platform that is up. */
export function platformUrls(serverUrl: string, secrets: Secrets['postgres']): PlatformUrls {
  return {
    CENTRAL_DATABASE_URL: urlOf(serverUrl, CENTRAL, secrets.central, CENTRAL),
    INTERNAL_POSTGRES_URL: urlOf(serverUrl, ADMIN, secrets.admin, 'postgres'),
  };
}

async function ensureRole(
  client: pg.Client,
  name: string,
  attributes: string,
  password: string,
): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const verb = found.rowCount === 0 ? 'CREATE' : 'ALTER';
  await client.query(`${verb} ROLE ${name} LOGIN ${attributes} PASSWORD ${client.escapeLiteral(password)}`);
}

function urlOf(serverUrl: string, role: string, password: string, database: string): string {
  const url = new URL(serverUrl);
  url.username = role;
  url.password = password;
  url.pathname = `/${database}`;
  return url.href;
}
