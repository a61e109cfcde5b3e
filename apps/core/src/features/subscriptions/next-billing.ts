import type { Subscription } from '@nova/prisma-tenant';

import { type NextMoment, nextMoment } from '../../domain/subscriptions/next-moment.js';
import type { PauseMode } from '../../domain/subscriptions/pause-mode.js';
import type { SubscriptionStatus } from '../../domain/subscriptions/subscription-state.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

/** What of a subscription's row says when something happens to it by itself. */
export type TimedSubscription = Pick<
  Subscription,
  | 'status'
  | 'startedAt'
  | 'currentPeriodEnd'
  | 'trialEndsAt'
  | 'cancelAt'
  | 'cancelAtPeriodEnd'
  | 'resumesAt'
  | 'pauseMode'
  | 'awaitsInvoiceId'
>;

/**
 * What happens next to a subscription by itself, and when; null when nothing does.
 * @param changeAt the earliest change that is scheduled for it
 */
export function nextBilling(subscription: TimedSubscription, changeAt: Date | null): NextMoment | null {
  return nextMoment({
    status: subscription.status as SubscriptionStatus,
    startsAt: subscription.awaitsInvoiceId ? null : subscription.startedAt,
    currentPeriodEnd: subscription.currentPeriodEnd,
    trialEnd: subscription.trialEndsAt,
    cancelAt:
      subscription.cancelAt ?? (subscription.cancelAtPeriodEnd ? subscription.currentPeriodEnd : null),
    resumesAt: subscription.resumesAt,
    changeAt,
    pauseMode: subscription.pauseMode as PauseMode | null,
  });
}

/** The earliest change that is scheduled for each subscription that has one. */
export async function loadChangeMoments(
  db: TenantReader,
  subscriptionIds: readonly string[],
): Promise<(subscriptionId: string) => Date | null> {
  const rows = await db.$queryRaw<{ subscription_id: string; at: Date }[]>`
    SELECT subscription_id, min(effective_at) AS at FROM subscription_changes
    WHERE subscription_id = ANY(${[...subscriptionIds]}) AND status = 'scheduled'
    GROUP BY subscription_id`;
  const moments = new Map(rows.map(({ subscription_id, at }) => [subscription_id, at]));
  return (subscriptionId) => moments.get(subscriptionId) ?? null;
}
