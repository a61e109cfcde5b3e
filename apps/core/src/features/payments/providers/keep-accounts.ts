import type { CentralClient } from '../../../tenancy/central/central-database.js';

/**
 * Gives the accounts of a tenant's test databases that are out of use to the one that is in use: test data that is deleted
 * takes no credentials with it. An account that the new database has already stays.
 */
export async function keepTestAccounts(central: CentralClient, tenantId: string): Promise<void> {
  await central.$executeRaw`
    UPDATE payment_accounts a SET tenant_database_id = fresh.id
      FROM tenant_databases fresh, tenant_databases old
     WHERE fresh.tenant_id = ${tenantId} AND fresh.mode = 'test' AND fresh.status = 'active'
       AND old.tenant_id = fresh.tenant_id AND old.mode = 'test' AND old.status = 'retired'
       AND a.tenant_database_id = old.id
       AND NOT EXISTS (SELECT 1 FROM payment_accounts b
                        WHERE b.tenant_database_id = fresh.id AND b.provider = a.provider)`;
}
