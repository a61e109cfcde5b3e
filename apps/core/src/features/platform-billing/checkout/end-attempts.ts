import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { askAfterPayment } from '../../payments/ask-after-payment.js';
import { rejected } from '../../payments/providers/outcomes.js';
import type { PaymentProviders } from '../../payments/providers/payment-providers.js';
import { recordOutcome } from '../../payments/record-outcome.js';

/**
 * Ends attempts at an invoice that wait on a page nobody has paid on, after asking their providers once more. Money that
 * comes all the same is taken and parked. What a provider is working on is left to it.
 */
export async function endAttempts(
  books: TenantContext,
  providers: PaymentProviders,
  invoiceId: string,
): Promise<void> {
  const waiting = await books.db.payment.findMany({
    where: { invoiceId, status: 'pending', actionUrl: { not: null } },
    select: { id: true },
  });
  for (const { id } of waiting) {
    const asked = await askAfterPayment(books, providers, id);
    if (asked.status !== 'pending' || asked.actionUrl === null) continue;
    await recordOutcome(books, id, rejected('checkout_ended', 'The customer did not pay at the checkout.'));
  }
}
