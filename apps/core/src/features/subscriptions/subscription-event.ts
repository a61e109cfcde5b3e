import type { Subscription, SubscriptionItem } from '@nova/prisma-tenant';

import type { TenantReader } from '../../tenancy/tenant-context.js';
import { type SubscriptionWire, toSubscriptionWire } from './subscription-wire.js';

/** A subscription as events have it: as the API shows it, but for its latest invoice. */
export type SubscriptionInEvent = Omit<SubscriptionWire, 'latestInvoiceId'>;

/** @param items those that have ended too */
export function subscriptionInEvent(
  subscription: Subscription,
  items: readonly SubscriptionItem[],
): SubscriptionInEvent {
  const present = items.filter(({ endedAt }) => endedAt === null);
  const { latestInvoiceId: _latest, ...shown } = toSubscriptionWire({
    ...subscription,
    items: present,
    latestInvoiceId: null,
  });
  return shown;
}

/** The same as it stands in the database. */
export async function readSubscriptionInEvent(db: TenantReader, id: string): Promise<SubscriptionInEvent> {
  const { items, ...subscription } = await db.subscription.findUniqueOrThrow({
    where: { id },
    include: { items: { orderBy: { position: 'asc' } } },
  });
  return subscriptionInEvent(subscription, items);
}
