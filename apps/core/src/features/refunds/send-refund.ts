import type { Payment, Refund, UnmatchedPayment } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { RefundOrder } from '../payments/providers/payment-provider.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { MANUAL } from './begin-refund.js';
import { recordRefundOutcome } from './record-refund-outcome.js';

/** A refund with what it gives back: one of both. */
export type RefundOfMoney = Refund & {
  readonly payment: Payment | null;
  readonly unmatchedPayment: UnmatchedPayment | null;
};

export const WITH_MONEY = { payment: true, unmatchedPayment: true } as const;

/**
 * Makes a refund that is on record at its provider. May run twice: what has ended is left alone, and whether the provider
 * heard of it before only the provider knows, so it is asked first.
 */
export async function sendRefund(
  ctx: TenantContext,
  providers: PaymentProviders,
  refundId: string,
): Promise<void> {
  const refund = await ctx.db.refund.findUnique({ where: { id: refundId }, include: WITH_MONEY });
  // Test data may have been deleted since the job was written.
  if (!refund || refund.provider === MANUAL || refund.status !== 'pending') return;
  await resumeRefund(ctx, providers, refund);
}

/**
 * Asks after a refund, and makes it when its provider never heard of it. Outside of any transaction. That it is sent is on
 * record before it is: a provider that cannot be asked for it by our reference is asked for it once only.
 */
export async function resumeRefund(
  ctx: TenantContext,
  providers: PaymentProviders,
  refund: RefundOfMoney,
): Promise<void> {
  const provider = await providers.of(ctx, refund.provider);
  const order = orderOf(refund);
  const known =
    order.state === 'new' ? ({ kind: 'not_found' } as const) : await provider.verifyRefund(ctx, order);
  if (known.kind !== 'not_found') {
    await recordRefundOutcome(ctx, refund.id, known);
    return;
  }
  if (order.state === 'new' && !(await noteSending(ctx, refund.id))) return;
  await recordRefundOutcome(ctx, refund.id, await provider.refund(ctx, order));
}

/** False when another run has begun to send it meanwhile. */
function noteSending(ctx: TenantContext, id: string): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const { count } = await tx.db.refund.updateMany({
      where: { id, sentAt: null },
      data: { sentAt: ctx.clock.now() },
    });
    return count > 0;
  });
}

function orderOf({ payment, unmatchedPayment, ...refund }: RefundOfMoney): RefundOrder {
  const { reference, amount, currency, providerRefundId } = refund;
  return {
    reference,
    amount,
    currency,
    providerRefundId,
    state: refund.sentAt === null ? 'new' : 'perhaps_sent',
    payment: payment ? nameOf(payment) : nameOfParked(unmatchedPayment),
  };
}

function nameOf(payment: Payment): RefundOrder['payment'] {
  const { reference, amount, providerPaymentId, receipt, payer } = payment;
  return { reference, amount, providerPaymentId, receipt, payer };
}

function nameOfParked(parked: UnmatchedPayment | null): RefundOrder['payment'] {
  if (!parked) throw new Error('A refund gives back a payment, or money that was parked.');
  const { amount, providerPaymentId, payer } = parked;
  // Of money that came without an attempt, M-Pesa's own name is the receipt.
  const receipt = parked.receipt ?? providerPaymentId;
  return { reference: parked.reference ?? '', amount, providerPaymentId, receipt, payer };
}
