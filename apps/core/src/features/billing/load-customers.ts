import type { Customer } from '@nova/prisma-tenant';

import type { TenantReader } from '../../tenancy/tenant-context.js';

/** A customer with what billing it needs. */
export interface BilledCustomer extends Customer {
  /** Whether there is something to charge unattended. */
  readonly hasPaymentMethod: boolean;
}

/**
 * The customers of these ids, of whom all are known to exist.
 * @throws Error when one does not
 */
export async function loadCustomers(
  db: TenantReader,
  ids: readonly string[],
): Promise<(id: string) => BilledCustomer> {
  const wanted = [...new Set(ids)];
  const customers = await db.customer.findMany({ where: { id: { in: wanted } } });
  const methods = await db.paymentMethod.findMany({
    where: { customerId: { in: wanted }, isDefault: true, detachedAt: null },
    select: { customerId: true },
  });
  const payers = new Set(methods.map(({ customerId }) => customerId));
  const byId = new Map(
    customers.map((customer) => [customer.id, { ...customer, hasPaymentMethod: payers.has(customer.id) }]),
  );
  return (id) => {
    const customer = byId.get(id);
    if (!customer) throw new Error(`There is no customer ${id} to bill.`);
    return customer;
  };
}
