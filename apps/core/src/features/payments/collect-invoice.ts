import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { invoiceNotOpen, invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { type Attempt, beginAttempt } from './begin-attempt.js';
import { noPaymentMethod } from './payments.errors.js';
import type { PaymentProviders } from './providers/payment-providers.js';
import { recordOutcome } from './record-outcome.js';

/**
 * Charges an open invoice to the customer's default payment method, unattended. It may run twice, and twice at once:
 * an attempt is on record before the provider is asked, and a reference is charged once. An invoice that is settled
 * meanwhile, was tried before, or has nothing to be charged to, is left alone: a card that said no is not asked again
 * because a job ran again. What is pending is asked after when it is due.
 */
export async function collectInvoice(
  ctx: TenantContext,
  providers: PaymentProviders,
  invoiceId: string,
): Promise<void> {
  const begun = await ctx.transaction((tx) => beginAttempt(ctx, tx, invoiceId, { attempt: 1 }));
  if (typeof begun === 'string') {
    ctx.log.debug({ invoiceId, reason: begun }, 'There is nothing to collect.');
  } else if ('interrupted' in begun) {
    await resume(ctx, providers, begun.interrupted);
  } else {
    await charge(ctx, providers, begun);
  }
}

/**
 * Charges an open invoice now, because a person or a program asked for it, and answers with the attempt however it
 * ended: a declined charge is a payment that failed.
 * @throws notFound, invoiceNotOpen, invoicePaymentInFlight, noPaymentMethod, invalidRequest
 */
export async function collectNow(
  ctx: TenantContext,
  providers: PaymentProviders,
  invoiceReference: string,
  options: { paymentMethodId?: string | undefined } = {},
): Promise<Payment> {
  const begun = await ctx.transaction((tx) => beginAttempt(ctx, tx, invoiceReference, options));
  if (begun === 'not_open') throw invoiceNotOpen(`Invoice ${invoiceReference} is not open.`);
  if (begun === 'no_method') throw noPaymentMethod('The customer has no payment method.');
  if (typeof begun === 'string' || 'interrupted' in begun) {
    throw invoicePaymentInFlight(`A payment of invoice ${invoiceReference} has not ended yet.`);
  }
  return charge(ctx, providers, begun);
}

/** Whether the provider heard of an interrupted attempt only the provider knows, so it is asked before it is charged. */
async function resume(ctx: TenantContext, providers: PaymentProviders, attempt: Attempt): Promise<void> {
  const { payment } = attempt;
  const outcome = await providers.of(payment.provider).verify(ctx, payment.reference);
  if (outcome.kind === 'not_found') await charge(ctx, providers, attempt);
  else await recordOutcome(ctx, payment.id, outcome);
}

/** Outside of any transaction: a provider may take half a minute, and no row is held for that long. */
async function charge(
  ctx: TenantContext,
  providers: PaymentProviders,
  { payment, token }: Attempt,
): Promise<Payment> {
  const { reference, amount, currency } = payment;
  const outcome = await providers.of(payment.provider).chargeSaved(ctx, {
    reference,
    amount,
    currency,
    token,
    description: `${ctx.tenant.name}: ${payment.invoiceId}`,
  });
  return recordOutcome(ctx, payment.id, outcome);
}
