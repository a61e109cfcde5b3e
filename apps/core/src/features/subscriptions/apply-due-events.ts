import type { Subscription } from '@nova/prisma-tenant';

import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Lets everything happen to a subscription that is due by now and is not a plain renewal, in its order: an end, a
 * scheduled change, a resumption, a start, the end of a trial. The transaction holds the subscription's row. Stops where
 * the next thing that is due is a renewal, which is the billing run's, or where nothing more is due.
 * @returns the subscription as it then stands, with `nextBillingAt` at what comes next; when that is still due, it is
 * the end of the current period and the subscription is to be renewed
 */
export async function applyDueEvents(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<Subscription> {
  if (!subscription.cancelAtPeriodEnd || subscription.currentPeriodEnd > ctx.clock.now()) return subscription;
  return tx.db.subscription.update({
    where: { id: subscription.id },
    data: {
      status: subscriptionStates.next(subscription.status, 'cancel'),
      endedAt: subscription.currentPeriodEnd,
      nextBillingAt: null,
      billingError: null,
      version: { increment: 1 },
      updatedAt: ctx.clock.now(),
    },
  });
}
