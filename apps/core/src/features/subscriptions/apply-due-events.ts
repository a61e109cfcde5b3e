import type { Subscription } from '@nova/prisma-tenant';

import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Does what has come due for a subscription, whose row this transaction holds, other than a plain start or renewal: it
 * ends with its period.
 */
export async function applyDueEvents(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<void> {
  await tx.db.subscription.update({
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
