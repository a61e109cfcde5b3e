import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';

type DatabaseRow = Pick<TenantDatabase, 'id' | 'databaseName' | 'roleName'>;

/**
 * Every role on the server that was made for this database, whether its row names it or not: a rotation of its password
 * makes a second one, and may have died before it could drop the first.
 */
export async function rolesOfDatabase(
  admin: pg.ClientBase,
  { id, roleName }: DatabaseRow,
): Promise<string[]> {
  const unique = id.slice(id.indexOf('_') + 1);
  const { rows } = await admin.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles
      WHERE rolname = $1 OR rolname ~ ('_' || $2 || '(_v[0-9]+)?$') ORDER BY rolname`,
    [roleName, unique],
  );
  return rows.map((row) => row.name);
}

/**
 * Drops the roles of this database that its row does not name and that nobody is logged in as. Answers those that are
 * still in use.
 */
export async function dropStrayRoles(
  admin: pg.Client,
  server: Pick<DatabaseServer, 'adminUrl'>,
  row: DatabaseRow,
): Promise<string[]> {
  const inUse: string[] = [];
  for (const role of await rolesOfDatabase(admin, row)) {
    if (role === row.roleName) continue;
    if (await hasSessions(admin, role)) inUse.push(role);
    else await dropRole(admin, server, row.databaseName, role);
  }
  return inUse;
}

/** Drops a role that is logged in nowhere, after everything it may do was taken back. */
export async function dropRole(
  admin: pg.Client,
  server: Pick<DatabaseServer, 'adminUrl'>,
  database: string,
  role: string,
): Promise<void> {
  const name = pg.escapeIdentifier(role);
  await admin.query(`REVOKE ALL ON DATABASE ${pg.escapeIdentifier(database)} FROM ${name}`);
  try {
    await admin.query(`DROP ROLE ${name}`);
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.dependentObjects) throw error;
    // Somebody has given it rights, or things of its own, inside the database.
    await admin.query(`GRANT ${name} TO CURRENT_USER`);
    await withAdminClient(server, (client) => client.query(`DROP OWNED BY ${name}`), database);
    await admin.query(`DROP ROLE ${name}`);
  }
}

async function hasSessions(admin: pg.ClientBase, role: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE usename = $1 LIMIT 1', [role]);
  return rowCount !== 0;
}
