import pg from 'pg';
import type { Logger } from 'pino';

import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { sqlStateOf, SQL_STATE } from '../../platform/postgres/sql-state.js';

/** The databases that every server has, and that any role may enter unless that is taken back. */
const COMMON_DATABASES = ['postgres', 'template1'];

/**
 * Closes the server's common databases, and the administrator's own, to roles that were not let in by name: a tenant's
 * role enters its own database only. What this administrator may not close is logged for one who may.
 */
export async function hardenServer(admin: pg.Client, log: Pick<Logger, 'warn'> | null): Promise<void> {
  const databases = [...new Set([...COMMON_DATABASES, admin.database ?? 'postgres'])];
  const open = await withAdvisoryLock(admin, { name: 'nova:harden-server', waitMs: 60_000 }, async () => {
    for (const database of await openToAll(admin, databases)) await closeToAll(admin, database);
    return openToAll(admin, databases);
  });
  if (open.length === 0) return;
  const remedy = open.map(
    (name) => `REVOKE CONNECT, TEMPORARY ON DATABASE ${pg.escapeIdentifier(name)} FROM PUBLIC;`,
  );
  log?.warn(
    { databases: open, remedy: remedy.join(' ') },
    'Tenants’ roles can enter these databases, and the administrator may not change that. Let their owner run the remedy.',
  );
}

/** Takes back what every role may do with a database: enter it, and make temporary tables there. */
export async function closeToAll(client: pg.ClientBase, database: string): Promise<void> {
  try {
    await client.query(`REVOKE ALL ON DATABASE ${pg.escapeIdentifier(database)} FROM PUBLIC`);
  } catch (error) {
    // Not the owner: whether the database is open after all is read from the catalog.
    if (sqlStateOf(error) !== SQL_STATE.insufficientPrivilege) throw error;
  }
}

/** Which of these databases any role may enter. */
export async function openToAll(client: pg.ClientBase, databases: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database
      WHERE datname = ANY($1) AND datallowconn AND EXISTS (
        SELECT FROM aclexplode(COALESCE(datacl, acldefault('d', datdba)))
         WHERE grantee = 0 AND privilege_type = 'CONNECT')`,
    [databases],
  );
  return rows.map((row) => row.name);
}
