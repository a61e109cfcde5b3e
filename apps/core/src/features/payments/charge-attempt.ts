import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
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
  const outcome = await providers.of(payment.provider).chargeSaved(ctx, {
    reference,
    amount,
    currency,
    token,
    description: `${ctx.tenant.name}: ${payment.invoiceId}`,
  });
  return recordOutcome(ctx, payment.id, outcome);
}

/**
 * Takes up an attempt whose process died before it recorded an outcome. Whether the provider heard of it only the
 * provider knows, so it is asked before it is charged, and charged with the same reference.
 */
export async function resumeAttempt(
  ctx: TenantContext,
  providers: PaymentProviders,
  attempt: Attempt,
): Promise<Payment> {
  const { payment } = attempt;
  const outcome = await providers.of(payment.provider).verify(ctx, payment.reference);
  if (outcome.kind === 'not_found') return chargeAttempt(ctx, providers, attempt);
  return recordOutcome(ctx, payment.id, outcome);
}
