import type pg from 'pg';

import { withAdminClient } from './admin-client.js';
import { databaseServerUnfit, databaseServerUnreachable } from './servers.errors.js';

const OLDEST_VERSION = 15;

interface Inspection {
  versionNumber: number;
  isSuperuser: boolean;
  makesDatabases: boolean;
  makesRoles: boolean;
}

/**
 * Enters a server as the administrator of this URL and sees whether tenants' databases can be made there. Answers its
 * major version.
 * @throws database_server_unreachable, database_server_unfit
 */
export async function inspectServer(adminUrl: string): Promise<number> {
  const found = await onServer(adminUrl, async (admin) => {
    const { rows } = await admin.query<Inspection>(
      `SELECT current_setting('server_version_num')::int AS "versionNumber", rolsuper AS "isSuperuser",
              rolcreatedb AS "makesDatabases", rolcreaterole AS "makesRoles"
         FROM pg_roles WHERE rolname = current_user`,
    );
    return rows[0];
  });
  if (!found) throw databaseServerUnfit('The server does not know the role that it has let in.');
  const version = Math.trunc(found.versionNumber / 10_000);
  if (version < OLDEST_VERSION) {
    throw databaseServerUnfit(
      `It is PostgreSQL ${version}; ${OLDEST_VERSION} is the oldest that is supported.`,
    );
  }
  if (!found.isSuperuser && !(found.makesDatabases && found.makesRoles)) {
    throw databaseServerUnfit('Its administrator needs CREATEDB and CREATEROLE, or has to be a superuser.');
  }
  return version;
}

/**
 * What tells a running server from every other, whatever address it is reached by: a copy of its files has the same
 * system identifier, but was started at another moment. Null where the administrator may not ask.
 */
export async function identityOf(adminUrl: string): Promise<string | null> {
  return onServer(adminUrl, async (admin) => {
    const allowed = await admin.query<{ allowed: boolean }>(
      "SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS allowed",
    );
    if (allowed.rows[0]?.allowed !== true) return null;
    const { rows } = await admin.query<{ identity: string }>(
      `SELECT system_identifier::text || ' ' || extract(epoch FROM pg_postmaster_start_time())::text AS identity
         FROM pg_control_system()`,
    );
    return rows[0]?.identity ?? null;
  });
}

/** Which of these databases the server of this URL does not have. */
export async function missingDatabases(adminUrl: string, names: readonly string[]): Promise<string[]> {
  return onServer(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE name NOT IN (SELECT datname FROM pg_database) ORDER BY name',
      [names],
    );
    return rows.map(({ name }) => name);
  });
}

/** The driver's message says what is wrong with an address or a login, and never the password. */
async function onServer<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  let entered = false;
  try {
    return await withAdminClient({ adminUrl }, (admin) => {
      entered = true;
      return work(admin);
    });
  } catch (cause) {
    if (entered) throw cause;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
    throw databaseServerUnreachable(`Its administrator does not get in: ${why}`, { cause });
  }
}
