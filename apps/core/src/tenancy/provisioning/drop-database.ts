import { setTimeout as sleep } from 'node:timers/promises';

import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

import { rolesOfDatabase } from './tenant-roles.js';

const DRAIN_POLL_MS = 100;

/**
 * Drops a tenant database and every role that was made for it, as far as they are there. Nobody can enter it from the first moment on; what is
 * being done in it has `drainMs` to come to its end.
 */
export async function dropDatabaseAndRole(
  admin: pg.Client,
  row: Pick<TenantDatabase, 'id' | 'databaseName' | 'roleName'>,
  { drainMs }: { drainMs: number },
): Promise<void> {
  const database = pg.escapeIdentifier(row.databaseName);
  const roles = (await rolesOfDatabase(admin, row)).map((role) => pg.escapeIdentifier(role));
  const there = await whatIsThere(admin, row.databaseName);
  if (there.database) {
    // Only a member of a role may see what its sessions do and end them, unless it is a superuser.
    if (roles.length > 0 && !there.superuser) await admin.query(`GRANT ${roles.join(', ')} TO CURRENT_USER`);
    await admin.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    await drain(admin, row.databaseName, drainMs);
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  }
  if (roles.length > 0) await admin.query(`DROP ROLE ${roles.join(', ')}`);
}

interface Leftovers {
  database: boolean;
  superuser: boolean;
}

async function whatIsThere(admin: pg.Client, database: string): Promise<Leftovers> {
  const { rows } = await admin.query<Leftovers>(
    `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS database,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
    [database],
  );
  return rows[0] ?? { database: false, superuser: false };
}

async function drain(admin: pg.Client, database: string, drainMs: number): Promise<void> {
  for (let waited = 0; waited < drainMs; waited += DRAIN_POLL_MS) {
    const { rowCount } = await admin.query(
      `SELECT FROM pg_stat_activity WHERE datname = $1 AND state <> 'idle' AND backend_type = 'client backend'`,
      [database],
    );
    if (rowCount === 0) return;
    await sleep(DRAIN_POLL_MS);
  }
}
