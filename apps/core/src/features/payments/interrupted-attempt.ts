import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import type { Attempt } from './charge-attempt.js';

/**
 * The attempt that a payment is, when nothing is known of its charge and it may still be made; else null. What
 * the customer has detached meanwhile is not charged any more: of such a payment the provider is only asked.
 */
export function interruptedAttempt(row: Payment & { paymentMethod: PaymentMethod | null }): Attempt | null {
  const { paymentMethod, ...payment } = row;
  if (payment.status !== 'created' || !paymentMethod || paymentMethod.detachedAt) return null;
  return { payment, method: paymentMethod };
}
