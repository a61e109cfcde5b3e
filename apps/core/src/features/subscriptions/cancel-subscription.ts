import type { TenantContext } from '../../tenancy/tenant-context.js';
import { actOnSubscription } from './act-on-subscription.js';
import type { ShownSubscription } from './subscription-wire.js';
import type { CancelSubscription } from './subscriptions.schemas.js';

/**
 * Ends a subscription at once, when the period that is paid for is over, or on a date. What it has used by then stands on
 * a last invoice. One that has not started yet has no period to wait for and ends at once.
 * @throws notFound, subscriptionCanceled, subscriptionNotStarted, invalidRequest
 */
export function cancelSubscription(
  ctx: TenantContext,
  reference: string,
  input: CancelSubscription,
): Promise<ShownSubscription> {
  return actOnSubscription(ctx, { reference, expected: null }, { verb: 'cancel', input });
}
