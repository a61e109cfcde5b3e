import type { Payment, Refund, UnmatchedPayment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { refundReference } from '../payments/payment-reference.js';
import { toRefundWire } from './refund-wire.js';

/** By when a refund that nobody told the outcome of is asked after, should the process die while it is being made. */
const ASK_AFTER_MS = 60_000;

/** Somebody pays it back outside the platform, and says when it is done. */
export const MANUAL = 'manual';

interface RefundOf {
  readonly amount: bigint;
  /** What makes it: unique. */
  readonly source: string;
  readonly note?: string | null;
}

export interface NewRefund extends RefundOf {
  readonly payment: Payment;
  readonly creditNoteId: string | null;
  /** The payment's own provider unless given. */
  readonly provider?: string;
}

/**
 * Writes down that money is to go back, with our reference, before any provider is asked; the asking is a job. Money
 * that came by hand goes back by hand, and waits until somebody says that it has.
 */
export function beginRefund(
  ctx: TenantContext,
  tx: TenantTransaction,
  { payment, creditNoteId, provider = payment.provider, ...refund }: NewRefund,
): Promise<Refund> {
  const { id: paymentId, currency } = payment;
  return insertRefund(ctx, tx, { ...refund, paymentId, creditNoteId, provider, currency });
}

/** The same of money that was parked and never became a payment: all of it goes back. */
export function beginReturn(
  ctx: TenantContext,
  tx: TenantTransaction,
  { unmatched, ...refund }: RefundOf & { readonly unmatched: UnmatchedPayment; readonly provider: string },
): Promise<Refund> {
  const { id: unmatchedPaymentId, currency } = unmatched;
  return insertRefund(ctx, tx, { ...refund, unmatchedPaymentId, currency });
}

interface RefundRow extends RefundOf {
  readonly paymentId?: string;
  readonly unmatchedPaymentId?: string;
  readonly creditNoteId?: string | null;
  readonly provider: string;
  readonly currency: string;
}

async function insertRefund(ctx: TenantContext, tx: TenantTransaction, row: RefundRow): Promise<Refund> {
  const id = newId('rfn');
  const now = ctx.clock.now();
  const askAt = row.provider === MANUAL ? null : new Date(now.getTime() + ASK_AFTER_MS);
  const refund = await tx.db.refund.create({
    data: {
      ...row,
      id,
      reference: refundReference(ctx.databaseId, id),
      status: 'pending',
      nextCheckAt: askAt,
      createdAt: now,
      updatedAt: now,
    },
  });
  if (askAt !== null) {
    tx.due('refunds', askAt);
    await tx.enqueue('refunds.send', { refundId: id });
  }
  const { paymentId, creditNoteId, amount, currency } = refund;
  await recordChange(tx, ctx, 'refund.created', toRefundWire(refund), {
    facts: { paymentId, creditNoteId, amount: amount.toString(), currency },
  });
  return refund;
}
