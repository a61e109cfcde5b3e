import type { TenantReader } from '../../tenancy/tenant-context.js';
import type { UnaskedMoney } from './unasked-money.js';

export type KnownMoney =
  | { readonly kind: 'counted'; readonly paymentId: string }
  | { readonly kind: 'parked'; readonly unmatchedPaymentId: string };

/**
 * Whether money is in our books by its id at the provider or by its receipt. What was parked because it was not confirmed is
 * looked at anew.
 */
export async function knownMoney(
  db: TenantReader,
  { provider, providerPaymentId, receipt }: Pick<UnaskedMoney, 'provider' | 'providerPaymentId' | 'receipt'>,
): Promise<KnownMoney | null> {
  const ids = [...new Set([providerPaymentId, ...(receipt === null ? [] : [receipt])])];
  const payment = await db.payment.findFirst({
    where: {
      provider,
      status: 'succeeded',
      OR: [{ providerPaymentId: { in: ids } }, { receipt: { in: ids } }],
    },
    select: { id: true },
  });
  if (payment) return { kind: 'counted', paymentId: payment.id };
  const parked = await db.unmatchedPayment.findFirst({
    where: {
      provider,
      providerPaymentId: { in: ids },
      NOT: { status: 'open', reason: 'unconfirmed' },
    },
    select: { id: true },
  });
  return parked && { kind: 'parked', unmatchedPaymentId: parked.id };
}
