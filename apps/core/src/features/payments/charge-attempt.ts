import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { chargeRefusal } from './charge-refusal.js';
import type { PaymentProviders } from './providers/payment-providers.js';
import { recordOutcome } from './record-outcome.js';

/** An attempt that is on record, and what it charges. */
export interface Attempt {
  payment: Payment;
  token: string;
}

/** Charges an attempt. Outside of any transaction: a provider may take half a minute, and no row is held for that long. */
export async function chargeAttempt(
  ctx: TenantContext,
  providers: PaymentProviders,
  { payment, token }: Attempt,
): Promise<Payment> {
  const { reference, amount, currency } = payment;
  const provider = providers.of(payment.provider);
  const refusal = chargeRefusal(provider.capabilities, { mode: ctx.mode, currency });
  const outcome =
    refusal ??
    (await provider.chargeSaved(ctx, {
      reference,
      amount,
      currency,
      token,
      description: `${ctx.tenant.name}: ${payment.invoiceId}`,
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
  const { payment } = attempt;
  const provider = providers.of(payment.provider);
  const outcome = await provider.verify(ctx, payment.reference);
  if (outcome.kind === 'not_found' && provider.capabilities.repeatsSafely) {
    return chargeAttempt(ctx, providers, attempt);
  }
  return recordOutcome(ctx, payment.id, outcome);
}
