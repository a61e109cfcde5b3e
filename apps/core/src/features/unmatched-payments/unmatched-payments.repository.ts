import type { Prisma, UnmatchedPayment } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { type Page, paginate } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockParked } from './resolve-parked.js';
import { toUnmatchedPaymentWire, type UnmatchedPaymentWire } from './unmatched-payment-wire.js';
import { unmatchedPaymentResolved } from './unmatched-payments.errors.js';
import type { ListUnmatchedPaymentsQuery } from './unmatched-payments.schemas.js';

/**
 * The unmatched payment of an id. They have no id of the caller's.
 * @throws notFound
 */
export async function requireUnmatched(db: TenantReader, id: string): Promise<UnmatchedPayment> {
  const where = readReference('ump', id);
  const row = where && 'id' in where ? await db.unmatchedPayment.findUnique({ where }) : null;
  if (!row) throw notFound('There is no such unmatched payment.');
  return row;
}

/**
 * Takes the row for a change that a person wants of it. Where an invoice or a customer takes part, they are held before.
 * @throws preconditionFailed, unmatchedPaymentResolved
 */
export async function lockOpen(
  { db }: TenantTransaction,
  id: string,
  expected: ExpectedVersions,
): Promise<UnmatchedPayment> {
  const row = await lockParked(db, id);
  checkVersion(expected, row.version);
  if (row.status !== 'open') throw unmatchedPaymentResolved(`Unmatched payment ${id} is ${row.status}.`);
  return row;
}

/** A page of money that was parked, newest first unless asked otherwise. */
export function listUnmatched(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListUnmatchedPaymentsQuery,
): Promise<Page<UnmatchedPaymentWire>> {
  const { status, reason, provider } = query;
  const filter: Prisma.UnmatchedPaymentWhereInput = {
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
    ...(provider === undefined ? {} : { provider }),
  };
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.unmatchedPayment.findMany({ where: { AND: [where, filter] }, orderBy, take }),
    toWire: toUnmatchedPaymentWire,
  });
}
