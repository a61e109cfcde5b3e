import { setTimeout as sleep } from 'node:timers/promises';

import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

const DRAIN_POLL_MS = 100;

/**
 * Drops a tenant database and its role, as far as they are there. Nobody can enter it from the first moment on; what is
 * being done in it has `drainMs` to come to its end.
 */
export async function dropDatabaseAndRole(
  admin: pg.Client,
  row: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
  { drainMs }: { drainMs: number },
): Promise<void> {
  const database = pg.escapeIdentifier(row.databaseName);
  const role = pg.escapeIdentifier(row.roleName);
  const there = await whatIsThere(admin, row);
  if (there.database) {
    // Only a member of a role may see what its sessions do and end them, unless it is a superuser.
    if (there.role && !there.superuser) await admin.query(`GRANT ${role} TO CURRENT_USER`);
    await admin.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
    await drain(admin, row.databaseName, drainMs);
    await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  }
  if (there.role) await admin.query(`DROP ROLE ${role}`);
}

interface Leftovers {
  database: boolean;
  role: boolean;
  superuser: boolean;
}

async function whatIsThere(
  admin: pg.Client,
  row: Pick<TenantDatabase, 'databaseName' | 'roleName'>,
): Promise<Leftovers> {
  const { rows } = await admin.query<Leftovers>(
    `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1) AS database,
            EXISTS (SELECT FROM pg_roles WHERE rolname = $2) AS role,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
    [row.databaseName, row.roleName],
  );
  return rows[0] ?? { database: false, role: false, superuser: false };
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
