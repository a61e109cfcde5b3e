import type { Dispute, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { type Page, paginate } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { ofCustomer } from '../customers/customers.repository.js';
import { type DisputeWire, toDisputeWire } from './dispute-wire.js';
import type { ListDisputesQuery } from './disputes.schemas.js';

/**
 * The dispute of an id. Disputes have no id of the caller's.
 * @throws notFound
 */
export async function requireDispute(db: TenantReader, id: string): Promise<Dispute> {
  const where = readReference('dsp', id);
  const dispute = where && 'id' in where ? await db.dispute.findUnique({ where }) : null;
  if (!dispute) throw notFound('There is no such dispute.');
  return dispute;
}

/** A page of disputes, newest first unless asked otherwise. */
export function listDisputes(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListDisputesQuery,
): Promise<Page<DisputeWire>> {
  const filters: Prisma.DisputeWhereInput[] = [];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.payment !== undefined) filters.push({ paymentId: query.payment });
  if (query.customer !== undefined) filters.push({ payment: ofCustomer(query.customer) });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.dispute.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toDisputeWire,
  });
}
