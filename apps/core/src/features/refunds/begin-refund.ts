import type { Payment, Refund } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvent } from '../events/record-event.js';
import { refundReference } from '../payments/payment-reference.js';
import { toRefundWire } from './refund-wire.js';

/** By when a refund that nobody told the outcome of is asked after, should the process die while it is being made. */
const ASK_AFTER_MS = 60_000;

/** Somebody pays it back outside the platform, and says when it is done. */
export const MANUAL = 'manual';

export interface NewRefund {
  readonly payment: Payment;
  readonly creditNoteId: string | null;
  readonly amount: bigint;
  /** What makes it: unique. */
  readonly source: string;
  readonly note?: string | null;
  /** The payment's own provider unless given. */
  readonly provider?: string;
}

/**
 * Writes down that money is to go back, with our reference, before any provider is asked; the asking is a job. Money
 * that came by hand goes back by hand, and waits until somebody says that it has.
 */
export async function beginRefund(
  ctx: TenantContext,
  tx: TenantTransaction,
  { payment, creditNoteId, amount, source, note = null, provider = payment.provider }: NewRefund,
): Promise<Refund> {
  const id = newId('rfn');
  const now = ctx.clock.now();
  const askAt = provider === MANUAL ? null : new Date(now.getTime() + ASK_AFTER_MS);
  const refund = await tx.db.refund.create({
    data: {
      id,
      creditNoteId,
      paymentId: payment.id,
      provider,
      reference: refundReference(ctx.databaseId, id),
      amount,
      currency: payment.currency,
      status: 'pending',
      note,
      source,
      nextCheckAt: askAt,
      createdAt: now,
      updatedAt: now,
    },
  });
  if (askAt !== null) {
    tx.due('refunds', askAt);
    await tx.enqueue('refunds.send', { refundId: id });
  }
  await recordEvent(tx, ctx, {
    type: 'refund.created',
    objectType: 'refund',
    objectId: id,
    data: {
      paymentId: payment.id,
      creditNoteId,
      amount: amount.toString(),
      currency: payment.currency,
      object: toRefundWire(refund),
    },
  });
  return refund;
}
