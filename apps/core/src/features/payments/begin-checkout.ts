import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { beginAttendedAttempt, type CheckoutRequest } from './begin-attended-attempt.js';
import { queryOf } from './charge-attempt.js';
import { chargeRefusal } from './charge-refusal.js';
import { rejected } from './providers/outcomes.js';
import type { PaymentProvider } from './providers/payment-provider.js';
import type { PaymentProviders } from './providers/payment-providers.js';
import { recordOutcome } from './record-outcome.js';
import { SUPERSEDED } from './record-payment-event.js';

/** Somebody else may begin or end an attempt between two looks. */
const LOOKS_MAX = 4;
const DECIDED: ReadonlySet<string> = new Set(['succeeded', 'declined', 'rejected']);

/**
 * Begins a payment that the customer makes, on a page of the provider's or on a phone. The attempt is on record with our
 * reference before the provider is asked. Answers with it as it then is: `actionUrl` is where the customer goes, without
 * one the phone is asked, and a provider's refusal is a payment that failed, with its code.
 *
 * An invoice has one attempt at a time. One that waits on a page of the same provider over the same sum is given back;
 * waiting on another page it is asked after first and, unpaid, ended as `superseded`. Should its money come after all, it
 * is taken.
 * @throws notFound, invoiceNotOpen, paymentExceedsAmountDue, checkoutSessionNotOpen, invoicePaymentInFlight
 */
export async function beginCheckout(
  ctx: TenantContext,
  providers: PaymentProviders,
  request: CheckoutRequest,
): Promise<Payment> {
  // A provider that this build does not know is a bug, and leaves no attempt behind.
  const provider = await providers.of(ctx, request.provider);
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const begun = await ctx.transaction((tx) => beginAttendedAttempt(ctx, tx, request));
    if (begun.kind === 'begun') return openCheckout(ctx, provider, begun.payment, request);
    if (begun.kind === 'given_back') return begun.payment;
    if (begun.kind === 'wait' || !(await clearTheWay(ctx, providers, begun))) break;
  }
  throw invoicePaymentInFlight(`A payment of invoice ${request.invoiceId} has not ended yet.`);
}

async function openCheckout(
  ctx: TenantContext,
  provider: PaymentProvider,
  payment: Payment,
  request: CheckoutRequest,
): Promise<Payment> {
  const { reference, amount, currency, savesMethod } = payment;
  const refusal = chargeRefusal(provider.capabilities, { mode: ctx.mode, amount, currency });
  if (refusal) return recordOutcome(ctx, payment.id, refusal);
  const { number, customer } = await ctx.db.invoice.findUniqueOrThrow({
    where: { id: payment.invoiceId },
    include: { customer: true },
  });
  const outcome = await provider.createCheckout(ctx, {
    reference,
    amount,
    currency,
    savesMethod,
    description: `${ctx.tenant.name}: ${number ?? payment.invoiceId}`,
    email: request.email ?? customer.email,
    phone: request.phone ?? customer.phone,
    customerName: customer.name,
    providerCustomerId: savesMethod ? await knownAs(ctx, payment) : null,
    returnUrl: request.returnUrl,
  });
  return recordOutcome(ctx, payment.id, outcome);
}

/** The provider's own customer that the last saved method is of, so that the next is kept beside it. */
async function knownAs(ctx: TenantContext, { customerId, provider }: Payment): Promise<string | null> {
  const method = await ctx.db.paymentMethod.findFirst({
    where: { customerId, provider, detachedAt: null, providerCustomerId: { not: null } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return method?.providerCustomerId ?? null;
}

/** Whether the attempt in the way may have ended: its provider says so, or it is ended because the customer pays another way. */
async function clearTheWay(
  ctx: TenantContext,
  providers: PaymentProviders,
  { kind, payment }: { kind: 'supersede' | 'ask'; payment: Payment },
): Promise<boolean> {
  const provider = await providers.of(ctx, payment.provider);
  const method =
    payment.paymentMethodId === null
      ? null
      : await ctx.db.paymentMethod.findUnique({ where: { id: payment.paymentMethodId } });
  const outcome = await provider.verify(ctx, queryOf(payment, method));
  // That it is not decided yet is not recorded: it would use up the questions after which a payment is given up.
  if (DECIDED.has(outcome.kind)) {
    const { status } = await recordOutcome(ctx, payment.id, outcome);
    return status === 'succeeded' || status === 'failed';
  }
  // A page that somebody has may have been paid on: who cannot be told so does not pay a second time.
  if (kind === 'ask' || (outcome.kind === 'unknown' && payment.actionUrl !== null)) return false;
  await recordOutcome(ctx, payment.id, rejected(SUPERSEDED, 'The customer chose to pay another way.'));
  return true;
}
