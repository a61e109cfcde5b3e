import type { Subscription } from '@nova/prisma-tenant';

import { saysAway } from '../../platform/http/away.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { billedPeriod } from '../billing/billable.js';
import type { CollectionMethod, PeriodClaim } from '../billing/invoice-plan.js';
import { loadBillables } from '../billing/load-billables.js';
import { loadEndedPeriods } from '../billing/load-ended-periods.js';
import { NOTHING_BILLED } from '../billing/load-billed-usage.js';
import { rateUsage } from '../billing/usage-charges.js';
import { usageDifference } from '../billing/usage-difference.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { lockSubscription } from './subscriptions.repository.js';

/**
 * Progressive billing: bills at once what customers have used since they were last billed, where it has come to their
 * subscription's threshold. May run twice, and twice at once: what is billed is always the whole of the period so far
 * less what was billed before. The invoice at the end of the period rates all of it again.
 */
export async function billThresholds(ctx: TenantContext, customerIds: readonly string[]): Promise<void> {
  const subscriptions = await ctx.db.subscription.findMany({
    where: { customerId: { in: [...new Set(customerIds)] }, usageThreshold: { not: null }, status: 'active' },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  for (const { id } of subscriptions) {
    try {
      await ctx.transaction((tx) => billThreshold(ctx, tx, id));
    } catch (error) {
      if (saysAway(error) || isSchemaBehind(error)) throw error;
      // Nothing is lost: it is billed when more is used, and at the end of the period whatever happens.
      ctx.log.error({ err: error, subscriptionId: id }, 'Usage at a threshold could not be billed.');
    }
  }
}

async function billThreshold(ctx: TenantContext, tx: TenantTransaction, id: string): Promise<void> {
  const subscription = await lockSubscription(tx.db, id);
  const { usageThreshold, status, currentPeriodStart, currentPeriodEnd } = subscription;
  // What is over is for the billing run.
  if (usageThreshold === null || status !== 'active' || currentPeriodEnd <= ctx.clock.now()) return;
  const [billable] = await loadBillables(tx.db, [subscription]);
  if (!billable) return;
  const period = { start: currentPeriodStart, end: currentPeriodEnd };
  const stretch = { billable, billed: billedPeriod(subscription, subscription.periodIndex, period) };
  const { usage, billed = NOTHING_BILLED } = (await loadEndedPeriods(tx.db, [stretch]))(stretch);
  const charges = rateUsage(billable, stretch.billed, { usage, minimum: 'not_yet' }).flatMap(
    (ofItem) =>
      usageDifference(billable, ofItem, { billed: billed(ofItem.item.row.id, ofItem.window), kind: 'usage' })
        .charges,
  );
  if (charges.reduce((sum, { amount }) => sum + amount, 0n) < usageThreshold) return;
  await writeInvoices(ctx, tx, [
    {
      customerId: subscription.customerId,
      subscriptionId: id,
      externalId: null,
      currency: subscription.currency,
      billingReason: 'usage_threshold',
      collectionMethod: subscription.collectionMethod as CollectionMethod,
      netTermsDays: subscription.netTermsDays,
      memo: null,
      purchaseOrder: null,
      metadata: {},
      charges,
      claims: [await nextClaim(ctx, tx, subscription)],
      finalize: 'now',
      onFinalize: null,
    },
  ]);
}

/** From the end of the claim before it, so that no two begin at the same moment. */
async function nextClaim(
  ctx: TenantContext,
  tx: TenantTransaction,
  { id, currentPeriodStart, currentPeriodEnd }: Subscription,
): Promise<PeriodClaim> {
  const last = await tx.db.billingPeriod.findFirst({
    where: {
      subscriptionId: id,
      kind: 'threshold',
      periodStart: { gte: currentPeriodStart, lt: currentPeriodEnd },
    },
    orderBy: { periodStart: 'desc' },
  });
  const periodStart = last?.periodEnd ?? currentPeriodStart;
  const soonest = periodStart.getTime() + 1;
  const periodEnd = new Date(Math.max(ctx.clock.now().getTime(), soonest));
  return { subscriptionId: id, kind: 'threshold', periodStart, periodEnd };
}
