import type { UnmatchedPayment } from '@nova/prisma-tenant';

import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toUnmatchedPaymentWire } from './unmatched-payment-wire.js';

/** What becomes of money that was parked. */
export type Resolution = 'applied' | 'returned' | 'dismissed';

/** Ends what was parked, with the payment, the refund or the reason. Hold its row. */
export async function resolveParked(
  ctx: TenantContext,
  tx: TenantTransaction,
  row: UnmatchedPayment,
  { status, resolution }: { status: Resolution; resolution: string },
): Promise<UnmatchedPayment> {
  const now = ctx.clock.now();
  const resolved = await tx.db.unmatchedPayment.update({
    where: { id: row.id },
    data: { status, resolution, resolvedAt: now, version: { increment: 1 }, updatedAt: now },
  });
  await recordChange(tx, ctx, `unmatched_payment.${status}`, toUnmatchedPaymentWire(resolved));
  return resolved;
}

/** A refund has failed: if it was to return money that was parked, somebody has to look at that again. */
export async function reopenReturned(
  ctx: TenantContext,
  tx: TenantTransaction,
  refundId: string,
): Promise<void> {
  const row = await tx.db.unmatchedPayment.findFirst({ where: { status: 'returned', resolution: refundId } });
  if (!row) return;
  const reopened = await tx.db.unmatchedPayment.update({
    where: { id: row.id },
    data: {
      status: 'open',
      resolution: null,
      resolvedAt: null,
      version: { increment: 1 },
      updatedAt: ctx.clock.now(),
    },
  });
  await recordChange(tx, ctx, 'unmatched_payment.reopened', toUnmatchedPaymentWire(reopened));
}

/**
 * Money that was parked has turned out to be a payment's: nobody has to look at it any more. Its ids are the provider's, and
 * receipts.
 */
export async function claimParked(
  ctx: TenantContext,
  tx: TenantTransaction,
  { provider, ids, paymentId }: { provider: string; ids: readonly (string | null)[]; paymentId: string },
): Promise<void> {
  const named = ids.filter((id) => id !== null);
  const rows = await tx.db.unmatchedPayment.findMany({
    where: { provider, status: 'open', providerPaymentId: { in: named } },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  for (const { id } of rows) {
    const row = await lockParked(tx.db, id);
    if (row.status === 'open')
      await resolveParked(ctx, tx, row, { status: 'applied', resolution: paymentId });
  }
}

/**
 * Why money is not an attempt's, though its provider says so: it is counted as another payment, or has been given back. Null
 * when it is nobody's yet. Its ids are the provider's, and receipts.
 */
export async function givenElsewhere(
  tx: TenantTransaction,
  { provider, ids, paymentId }: { provider: string; ids: readonly (string | null)[]; paymentId: string },
): Promise<string | null> {
  const named = ids.filter((id) => id !== null);
  const other = await tx.db.payment.findFirst({
    where: {
      provider,
      status: 'succeeded',
      id: { not: paymentId },
      OR: [{ providerPaymentId: { in: named } }, { receipt: { in: named } }],
    },
    select: { id: true },
  });
  if (other) return `The money is payment ${other.id}.`;
  const returned = await tx.db.unmatchedPayment.findFirst({
    where: { provider, status: 'returned', providerPaymentId: { in: named } },
    select: { id: true },
  });
  return returned && `The money is going back, as ${returned.id}.`;
}

/** Takes the row until the transaction ends, and reads it as it then is. */
export async function lockParked(db: TenantReader, id: string): Promise<UnmatchedPayment> {
  await db.$queryRaw`SELECT id FROM unmatched_payments WHERE id = ${id} FOR UPDATE`;
  return db.unmatchedPayment.findUniqueOrThrow({ where: { id } });
}
