import type { PaymentMethod, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { lockCustomer } from '../customers/customers.repository.js';
import { toPaymentMethodWire, type PaymentMethodWire } from './payment-method-wire.js';
import type { ListPaymentMethodsQuery } from './payment-methods.schemas.js';

/**
 * The payment method, while it is attached to its customer.
 * @throws notFound
 */
export async function requirePaymentMethod(db: TenantReader, id: string): Promise<PaymentMethod> {
  const reference = readReference('pm', id);
  const method =
    reference && 'id' in reference
      ? await db.paymentMethod.findUnique({ where: { ...reference, detachedAt: null } })
      : null;
  if (!method) throw notFound('There is no such payment method.');
  return method;
}

/**
 * The payment method, read under the lock of its customer: which one is the default is decided by one at a time.
 * @throws notFound
 */
export async function lockPaymentMethod(db: Prisma.TransactionClient, id: string): Promise<PaymentMethod> {
  const { customerId } = await requirePaymentMethod(db, id);
  await lockCustomer(db, customerId);
  return requirePaymentMethod(db, id);
}

/** A page of a customer's payment methods, newest first unless asked otherwise. */
export function listPaymentMethods(
  ctx: TenantContext,
  cursors: Cursors,
  customerId: string,
  query: ListPaymentMethodsQuery,
): Promise<Page<PaymentMethodWire>> {
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.paymentMethod.findMany({
        where: { AND: [where, { customerId, detachedAt: null }] },
        orderBy,
        take,
      }),
    toWire: toPaymentMethodWire,
  });
}
