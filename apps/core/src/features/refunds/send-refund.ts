import type { Payment, Refund } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { MANUAL } from './begin-refund.js';
import { recordRefundOutcome } from './record-refund-outcome.js';

export type RefundOfPayment = Refund & { readonly payment: Payment };

/**
 * Makes a refund that is on record at its provider. May run twice: what has ended is left alone, and whether the provider
 * heard of it before only the provider knows, so it is asked first.
 */
export async function sendRefund(
  ctx: TenantContext,
  providers: PaymentProviders,
  refundId: string,
): Promise<void> {
  const refund = await ctx.db.refund.findUnique({ where: { id: refundId }, include: { payment: true } });
  // Test data may have been deleted since the job was written.
  if (!refund || refund.provider === MANUAL || refund.status !== 'pending') return;
  await resumeRefund(ctx, providers, refund);
}

/** Asks after a refund, and makes it when its provider never heard of it. Outside of any transaction. */
export async function resumeRefund(
  ctx: TenantContext,
  providers: PaymentProviders,
  { payment, ...refund }: RefundOfPayment,
): Promise<void> {
  const provider = providers.of(refund.provider);
  const known = await provider.verifyRefund(ctx, refund.reference);
  const outcome =
    known.kind === 'not_found'
      ? await provider.refund(ctx, {
          reference: refund.reference,
          amount: refund.amount,
          currency: refund.currency,
          paymentReference: payment.reference,
          providerPaymentId: payment.providerPaymentId,
        })
      : known;
  await recordRefundOutcome(ctx, refund.id, outcome);
}
