import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { ShownSubscription } from './subscription-wire.js';
import { subscriptionCanceled } from './subscriptions.errors.js';
import { lockSubscription, readSubscription } from './subscriptions.repository.js';
import type { CancelSubscription } from './subscriptions.schemas.js';

/**
 * Ends a subscription at once, or when the period that is paid for is over. Invoices that were issued stay as they
 * are. One that has not started yet has no period to wait for and ends at once.
 * @throws notFound, subscriptionCanceled
 */
export async function cancelSubscription(
  ctx: TenantContext,
  idOrExternalId: string,
  input: CancelSubscription,
): Promise<ShownSubscription> {
  return ctx.transaction(async (tx) => {
    const subscription = await lockSubscription(tx.db, idOrExternalId);
    const { id, status } = subscription;
    if (!subscriptionStates.canMove(status, 'cancel'))
      throw subscriptionCanceled(`Subscription ${id} has ended.`);
    const now = ctx.clock.now();
    const runsOut = input.timing === 'period_end' && subscriptionStates.canMove(status, 'schedule_cancel');
    await tx.db.subscription.update({
      where: { id },
      data: {
        ...(runsOut
          ? { cancelAtPeriodEnd: true }
          : { status: subscriptionStates.next(status, 'cancel'), endedAt: now, nextBillingAt: null }),
        // Asked for twice, the first time stands.
        canceledAt: subscription.canceledAt ?? now,
        cancelReason: input.reason ?? subscription.cancelReason,
        version: { increment: 1 },
        updatedAt: now,
      },
    });
    return readSubscription(tx.db, id);
  });
}
