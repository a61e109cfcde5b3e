import type { CentralTransaction } from '../central/central-database.js';

/**
 * Lets every process look up anew where the tenants of a server are to be connected to, when and only when the
 * transaction commits.
 */
export async function announceServer(tx: CentralTransaction, serverId: string): Promise<void> {
  await tx.$executeRaw`
    SELECT count(pg_notify('nova_changes', json_build_object('kind', 'tenant', 'tenantId', tenant_id)::text))
      FROM (SELECT DISTINCT tenant_id FROM tenant_databases WHERE server_id = ${serverId} AND status = 'active') t`;
}
