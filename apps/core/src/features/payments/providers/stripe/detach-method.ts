import type { DetachOutcome } from '../payment-provider.js';
import { refusalOf, type StripeApi } from './stripe-api.js';

/** `POST /payment_methods/:id/detach`: the card is no customer's any more, and cannot be charged again. */
export async function detachMethod(api: StripeApi, token: string): Promise<DetachOutcome> {
  const result = await api.call('payment_method', (stripe) => stripe.paymentMethods.detach(token));
  if (result.kind === 'object') return { kind: 'detached' };
  if (result.kind === 'unknown') return result;
  // What was given up before, or never was, is given up.
  const isGone = result.error.statusCode === 404 || /not attached/i.test(result.error.message);
  return isGone ? { kind: 'detached' } : refusalOf(result.error);
}
