import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { invoiceNotOpen, invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { findInvoice } from '../invoices/invoices.repository.js';
import { beginAttempt } from './begin-attempt.js';
import { chargeAttempt, resumeAttempt } from './charge-attempt.js';
import { interruptedAttempt } from './interrupted-attempt.js';
import { noPaymentMethod } from './payments.errors.js';
import type { PaymentProviders } from './providers/payment-providers.js';

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
  // Test data may have been deleted since the job was written.
  if (!(await findInvoice(ctx.db, invoiceId))) return;
  const begun = await ctx.transaction((tx) =>
    beginAttempt(ctx, tx, providers, { invoice: invoiceId, attempt: 1, by: 'schedule' }),
  );
  if (typeof begun === 'string') {
    ctx.log.debug({ invoiceId, reason: begun }, 'There is nothing to collect.');
  } else if ('interrupted' in begun) {
    await resumeAttempt(ctx, providers, begun.interrupted);
  } else {
    await chargeAttempt(ctx, providers, begun);
  }
}

interface PayNow {
  /** Its id, the caller's or its number. */
  readonly invoice: string;
  readonly paymentId: string;
  readonly paymentMethodId?: string | undefined;
  /** Minor units; all that is due unless given. */
  readonly amount?: bigint | undefined;
}

/**
 * Charges an open invoice now, because a person or a program asked for it, and answers with the attempt however it
 * ended: a declined charge is a payment that failed. Asked again with the id of a payment that was begun, it takes that
 * one up where it was left, and begins no other.
 * @throws notFound, invoiceNotOpen, invoicePaymentInFlight, noPaymentMethod, paymentExceedsAmountDue, invalidRequest
 */
export async function collectNow(
  ctx: TenantContext,
  providers: PaymentProviders,
  { invoice, ...options }: PayNow,
): Promise<Payment> {
  const earlier = await findAttempt(ctx, options.paymentId);
  if (earlier) return takeUp(ctx, providers, earlier);
  const begun = await ctx.transaction((tx) => beginAttempt(ctx, tx, providers, { ...options, invoice }));
  if (begun === 'not_open') throw invoiceNotOpen(`Invoice ${invoice} is not open.`);
  if (begun === 'no_method') throw noPaymentMethod('The customer has no payment method.');
  if (typeof begun === 'string' || 'interrupted' in begun) {
    throw invoicePaymentInFlight(`A payment of invoice ${invoice} has not ended yet.`);
  }
  return chargeAttempt(ctx, providers, begun);
}

type EarlierAttempt = Payment & { paymentMethod: PaymentMethod | null };

function findAttempt(ctx: TenantContext, id: string): Promise<EarlierAttempt | null> {
  return ctx.db.payment.findUnique({ where: { id }, include: { paymentMethod: true } });
}

/** What is known of the charge is the answer; what is not, its provider is asked. */
async function takeUp(
  ctx: TenantContext,
  providers: PaymentProviders,
  row: EarlierAttempt,
): Promise<Payment> {
  const interrupted = interruptedAttempt(row);
  if (interrupted) return resumeAttempt(ctx, providers, interrupted);
  const { paymentMethod: _, ...payment } = row;
  return payment;
}
