import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { chargeRefusal } from './charge-refusal.js';
import type { ChargeQuery } from './providers/payment-provider.js';
import type { PaymentProviders } from './providers/payment-providers.js';
import { recordOutcome } from './record-outcome.js';

/** An attempt that is on record, and what it charges. */
export interface Attempt {
  payment: Payment;
  method: PaymentMethod;
}

/** Charges an attempt. Outside of any transaction: a provider may take half a minute, and no row is held for that long. */
export async function chargeAttempt(
  ctx: TenantContext,
  providers: PaymentProviders,
  { payment, method }: Attempt,
): Promise<Payment> {
  const { reference, amount, currency } = payment;
  const provider = await providers.of(ctx, payment.provider);
  const refusal = chargeRefusal(provider.capabilities, { mode: ctx.mode, amount, currency });
  const outcome =
    refusal ??
    (await provider.chargeSaved(ctx, {
      reference,
      amount,
      currency,
      token: method.token,
      email: method.email ?? (await emailOf(ctx, payment)),
      providerCustomerId: method.providerCustomerId,
      description: `${ctx.tenant.name}: ${payment.invoiceId}`,
      returnUrl: providers.pageOf(ctx, payment.invoiceId),
    }));
  return recordOutcome(ctx, payment.id, outcome);
}

/**
 * Takes up an attempt of whose charge nothing is known: its process died, or the provider was out of reach. Whether
 * the provider heard of it only the provider knows, so it is asked before it is charged, with the same reference.
 */
export async function resumeAttempt(
  ctx: TenantContext,
  providers: PaymentProviders,
  attempt: Attempt,
): Promise<Payment> {
  const { payment, method } = attempt;
  const provider = await providers.of(ctx, payment.provider);
  const outcome = await provider.verify(ctx, queryOf(payment, method));
  if (outcome.kind === 'not_found' && provider.capabilities.repeatsSafely) {
    return chargeAttempt(ctx, providers, attempt);
  }
  return recordOutcome(ctx, payment.id, outcome);
}

/** What a provider is asked after a payment by. */
export function queryOf(payment: Payment, method: PaymentMethod | null): ChargeQuery {
  const { reference, amount, currency, providerPaymentId, createdAt } = payment;
  const providerCustomerId = method?.providerCustomerId ?? null;
  return { reference, amount, currency, providerPaymentId, providerCustomerId, createdAt };
}

async function emailOf(ctx: TenantContext, { customerId }: Payment): Promise<string | null> {
  const customer = await ctx.db.customer.findUnique({ where: { id: customerId }, select: { email: true } });
  return customer?.email ?? null;
}
