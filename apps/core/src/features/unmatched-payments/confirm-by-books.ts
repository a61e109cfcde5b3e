import { systemClock } from '../../platform/clock/clock.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { BookedCharge } from '../payments/providers/payment-provider.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { realSince } from '../payments/providers/real-since.js';
import type { UnaskedMoney } from './unasked-money.js';

const MINUTE_MS = 60_000;
/** M-Pesa tells of a payment when it is made. Others' books have it by when its page was opened. */
const BEFORE_MS = { mpesa: 15 * MINUTE_MS, others: 24 * 60 * MINUTE_MS } as const;

/**
 * Looks for money in the provider's own books, about when it was told of. Null when it is not there, not yet, or they
 * cannot be read.
 */
export async function findInBooks(
  ctx: TenantContext,
  providers: PaymentProviders,
  { provider: name, providerPaymentId, receipt, receivedAt }: UnaskedMoney,
): Promise<BookedCharge | null> {
  const provider = await providers.of(ctx, name);
  const now = systemClock.now();
  const around = realSince(ctx.mode, { createdAt: receivedAt, now });
  const before = name === 'mpesa' ? BEFORE_MS.mpesa : BEFORE_MS.others;
  const books = await provider.reconcile(ctx, {
    from: new Date(around.getTime() - before),
    // Clocks differ.
    to: new Date(now.getTime() + MINUTE_MS),
  });
  if (books.kind !== 'listed') {
    ctx.log.warn(
      { provider: name, books: books.kind },
      'Money could not be looked for in a provider’s books.',
    );
    return null;
  }
  const ids = [providerPaymentId, receipt];
  return books.charges.find((charge) => ids.includes(charge.providerPaymentId)) ?? null;
}
