import type { Payment } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { queryOf, resumeAttempt } from './charge-attempt.js';
import { interruptedAttempt } from './interrupted-attempt.js';
import type { PaymentProviders } from './providers/payment-providers.js';
import { recordOutcome } from './record-outcome.js';

/**
 * Asks a payment's provider now what became of it, and records that: when its customer is back from the provider's page,
 * for example. One that failed is asked after too, since its money may have come late; success needs no asking.
 */
export async function askAfterPayment(
  ctx: TenantContext,
  providers: PaymentProviders,
  paymentId: string,
): Promise<Payment> {
  const { paymentMethod, ...payment } = await ctx.db.payment.findUniqueOrThrow({
    where: { id: paymentId },
    include: { paymentMethod: true },
  });
  if (payment.status === 'succeeded' || payment.provider === 'manual') return payment;
  const interrupted = interruptedAttempt({ ...payment, paymentMethod });
  if (interrupted) return resumeAttempt(ctx, providers, interrupted);
  const provider = await providers.of(ctx, payment.provider);
  return recordOutcome(ctx, payment.id, await provider.verify(ctx, queryOf(payment, paymentMethod)));
}
