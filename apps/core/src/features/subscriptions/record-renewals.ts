import type { Invoice, Subscription } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { Billable } from '../billing/billable.js';
import { changeEvent } from '../events/record-change.js';
import { recordEvents } from '../events/record-event.js';
import { subscriptionInEvent } from './subscription-event.js';

/**
 * Tells that subscriptions have gone on to their next period, or have started: one statement, from what is in memory.
 * @param moved the rows as they stand now
 */
export async function recordRenewals(
  ctx: TenantContext,
  tx: TenantTransaction,
  {
    billables,
    moved,
    invoices,
  }: { billables: readonly Billable[]; moved: readonly Subscription[]; invoices: readonly Invoice[] },
): Promise<void> {
  const itemsOf = new Map(
    billables.map(({ subscription, items }) => [subscription.id, items.map(({ row }) => row)]),
  );
  const wasScheduled = new Set(
    billables.filter(({ subscription }) => subscription.status === 'scheduled').map((b) => b.subscription.id),
  );
  const invoicesOf = new Map<string, string[]>();
  for (const { id, subscriptionId } of invoices) {
    if (subscriptionId !== null)
      invoicesOf.set(subscriptionId, [...(invoicesOf.get(subscriptionId) ?? []), id]);
  }
  await recordEvents(
    tx,
    ctx,
    moved.map((subscription) => {
      const { id, status, currentPeriodStart } = subscription;
      const type = wasScheduled.has(id) ? 'subscription.started' : 'subscription.renewed';
      const facts = {
        at: currentPeriodStart.toISOString(),
        status,
        invoiceIds: invoicesOf.get(id) ?? [],
        creditNoteIds: [],
      };
      return changeEvent(type, subscriptionInEvent(subscription, itemsOf.get(id) ?? []), { facts });
    }),
  );
}
