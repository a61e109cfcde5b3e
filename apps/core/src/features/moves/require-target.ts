import { notFound } from '../../platform/errors/common-errors.js';
import { loadBuildMigrations } from '../../tenancy/migrator/schema-versions.js';
import { prepareServer } from '../../tenancy/prepare-platform.js';
import type { DatabaseServer } from '../../tenancy/servers/admin-client.js';
import { readServer } from '../../tenancy/servers/database-servers.js';
import { tenantMoveRefused } from '../../tenancy/tenancy.errors.js';
import type { LifeDeps } from '../tenant-life/life-deps.js';

/**
 * The server that a tenant is to be moved to, with its template ready.
 * @throws not_found, tenant_move_refused when it takes no databases, is full, or is not where the tenant has to be
 */
export async function requireTarget(deps: LifeDeps, tenantId: string, name: string): Promise<DatabaseServer> {
  const { db, pool } = deps.central;
  const row = await db.databaseServer.findUnique({ where: { name } });
  if (!row) throw notFound(`There is no database server ${name}.`);
  const tenant = await db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (row.state !== 'open')
    throw tenantMoveRefused(`The server ${name} is ${row.state} and takes no databases.`);
  if (tenant.region !== null && tenant.region !== row.region) {
    throw tenantMoveRefused(
      `The tenant's databases have to be in ${tenant.region}; ${name} is in ${row.region}.`,
    );
  }
  const living = await db.tenantDatabase.count({
    where: { serverId: row.id, status: { not: 'retired' }, tenantId: { not: tenantId } },
  });
  if (row.capacity !== null && living >= row.capacity) {
    throw tenantMoveRefused(`The server ${name} is full: it takes ${row.capacity} databases.`);
  }
  const server = await readServer(pool, deps.keys, row.id);
  const { tenant: migrations } = await loadBuildMigrations();
  await prepareServer(server, deps.config, migrations, deps.log);
  return server;
}
