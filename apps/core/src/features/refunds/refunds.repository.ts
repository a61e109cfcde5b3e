import type { Prisma, Refund } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { ofInvoice } from '../invoices/invoices.repository.js';
import { type RefundWire, toRefundWire } from './refund-wire.js';
import type { ListRefundsQuery } from './refunds.schemas.js';

/**
 * The refund of an id. Refunds have no id of the caller's.
 * @throws notFound
 */
export async function requireRefund(db: TenantReader, id: string): Promise<Refund> {
  const reference = readReference('rfn', id);
  const refund = reference && 'id' in reference ? await db.refund.findUnique({ where: reference }) : null;
  if (!refund) throw notFound('There is no such refund.');
  return refund;
}

/** A page of refunds, newest first unless asked otherwise. */
export async function listRefunds(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListRefundsQuery,
): Promise<Page<RefundWire>> {
  const filters: Prisma.RefundWhereInput[] = [];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.customer !== undefined) filters.push({ payment: ofCustomer(query.customer) });
  if (query.payment !== undefined) filters.push({ paymentId: query.payment });
  if (query.creditNote !== undefined) {
    filters.push({ creditNote: { OR: [{ id: query.creditNote }, { externalId: query.creditNote }] } });
  }
  if (query.invoice !== undefined) {
    filters.push({ payment: await ofInvoice(ctx.db, query.invoice) });
  }
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.refund.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toRefundWire,
  });
}
