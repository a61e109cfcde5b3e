import type { TenantDatabase } from '@nova/prisma-central';
import type pg from 'pg';

import { awaitQuiet, closeDatabase, openDatabase } from '../../tenancy/maintenance/close-database.js';
import { rolesOfDatabase } from '../../tenancy/provisioning/tenant-roles.js';
import { type DatabaseServer, withAdminClient } from '../../tenancy/servers/admin-client.js';
import { readServer } from '../../tenancy/servers/database-servers.js';
import type { LifeDeps } from './life-deps.js';

type ServerDeps = Pick<LifeDeps, 'central' | 'keys' | 'log'>;

/** The databases of a tenant that are in use, test before live. */
export function databasesOf(deps: Pick<LifeDeps, 'central'>, tenantId: string): Promise<TenantDatabase[]> {
  return deps.central.db.tenantDatabase.findMany({
    where: { tenantId, status: 'active' },
    orderBy: { mode: 'desc' },
  });
}

/** The server that a database is on. */
export function serverOf(
  { central, keys }: Pick<LifeDeps, 'central' | 'keys'>,
  { serverId }: Pick<TenantDatabase, 'serverId'>,
): Promise<DatabaseServer> {
  return readServer(central.pool, keys, serverId);
}

/** Waits for what the tenant had begun in its databases and shuts it out of them. */
export function closeDatabases(deps: ServerDeps, tenantId: string): Promise<void> {
  return onEach(deps, tenantId, async (admin, database) => {
    if (!(await awaitQuiet(admin, database))) {
      deps.log.warn({ tenantId, databaseId: database.id }, 'What goes on in a database for long is ended.');
    }
    // A password that was rotated lately has left a second role, and somebody may be at work as that one.
    for (const roleName of await rolesOfDatabase(admin, database)) {
      await closeDatabase(admin, { ...database, roleName });
    }
  });
}

/** Lets the tenant into its databases again. */
export function openDatabases(deps: ServerDeps, tenantId: string): Promise<void> {
  return onEach(deps, tenantId, openDatabase);
}

async function onEach(
  deps: ServerDeps,
  tenantId: string,
  work: (admin: pg.Client, database: TenantDatabase) => Promise<void>,
): Promise<void> {
  const databases = await databasesOf(deps, tenantId);
  await Promise.all(
    databases.map(async (database) =>
      withAdminClient(await serverOf(deps, database), (admin) => work(admin, database)),
    ),
  );
}
