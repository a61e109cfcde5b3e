import type { Tenant } from '@nova/prisma-central';

import { notFound } from '../../platform/errors/common-errors.js';
import type { CentralTransaction } from '../central/central-database.js';

/**
 * Reads a tenant's row and holds it until the transaction ends: of two who would change how it stands, the second sees
 * what the first has made of it.
 * @throws not_found
 */
export async function lockTenant(tx: CentralTransaction, tenantId: string): Promise<Tenant> {
  await tx.$queryRaw`SELECT id FROM tenants WHERE id = ${tenantId} FOR UPDATE`;
  const tenant = await tx.tenant.findUnique({ where: { id: tenantId } });
  if (!tenant) throw notFound(`There is no tenant ${tenantId}.`);
  return tenant;
}
