import type { Payment, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { type Page, paginate } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { ofInvoice } from '../invoices/invoices.repository.js';
import { type PaymentWire, toPaymentWire } from './payment-wire.js';
import type { ListPaymentsQuery } from './payments.schemas.js';

/**
 * The payment of an id. Payments have no id of the caller's.
 * @throws notFound
 */
export async function requirePayment(db: TenantReader, id: string): Promise<Payment> {
  const reference = readReference('pay', id);
  const payment =
    reference && 'id' in reference ? await db.payment.findUnique({ where: { id: reference.id } }) : null;
  if (!payment) throw notFound('There is no such payment.');
  return payment;
}

/** A page of payments, newest first unless asked otherwise. */
export async function listPayments(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListPaymentsQuery,
): Promise<Page<PaymentWire>> {
  const filters: Prisma.PaymentWhereInput[] = [];
  if (query.status !== undefined) filters.push(ofStatus(query.status));
  if (query.customer !== undefined) filters.push(ofCustomer(query.customer));
  if (query.invoice !== undefined) filters.push(await ofInvoice(ctx.db, query.invoice));
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.payment.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toPaymentWire,
  });
}

/** What requires an action is pending in the books. */
function ofStatus(status: PaymentWire['status']): Prisma.PaymentWhereInput {
  if (status === 'requires_action') return { status: 'pending', actionUrl: { not: null } };
  return status === 'pending' ? { status, actionUrl: null } : { status };
}
