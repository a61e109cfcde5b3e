import type { Customer, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { toCustomerWire, type CustomerWire } from './customer-wire.js';
import type { ListCustomersQuery } from './customers.schemas.js';

/** The customer by our id or the caller's; null when there is none or it was deleted. */
export async function findCustomer(db: TenantReader, idOrExternalId: string): Promise<Customer | null> {
  const reference = readReference('cus', idOrExternalId);
  return reference && db.customer.findUnique({ where: { ...reference, deletedAt: null } });
}

/**
 * The customer by our id or the caller's.
 * @throws notFound
 */
export async function requireCustomer(db: TenantReader, idOrExternalId: string): Promise<Customer> {
  const customer = await findCustomer(db, idOrExternalId);
  if (!customer) throw notFound('There is no such customer.');
  return customer;
}

/**
 * The customer, kept from being deleted until the transaction ends: for writes that hang something on it.
 * Any number of them may hold a customer at once.
 * @throws notFound
 */
export async function holdCustomer(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Customer> {
  const { id } = await requireCustomer(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM customers WHERE id = ${id} FOR KEY SHARE`;
  return requireCustomer(db, id);
}

/**
 * The customer's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockCustomer(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Customer> {
  const { id } = await requireCustomer(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM customers WHERE id = ${id} FOR UPDATE`;
  return requireCustomer(db, id);
}

/** Picks the rows of one customer, by our id or the caller's, in a list of another kind. */
export function ofCustomer(
  idOrExternalId: string,
): { customerId: string } | { customer: { externalId: string } } {
  const reference = readReference('cus', idOrExternalId);
  if (reference && 'externalId' in reference) return { customer: reference };
  return { customerId: reference?.id ?? '' };
}

/** A page of customers, newest first unless asked otherwise. */
export function listCustomers(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListCustomersQuery,
): Promise<Page<CustomerWire>> {
  const filters: Prisma.CustomerWhereInput[] = [{ deletedAt: null }];
  if (query.email !== undefined) filters.push({ email: query.email });
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.customer.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toCustomerWire,
  });
}
