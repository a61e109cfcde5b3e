import type { Plan, Price, Subscription, SubscriptionItem } from '@nova/prisma-tenant';

import { periodBound, type Cycle, type Interval, type Period } from '../../domain/calendar/periods.js';
import { toDecimal } from '../../domain/money/decimal.js';
import type { PriceModel } from '../../domain/rating/rate-price.js';
import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { insertInvoice, type CollectionMethod } from '../invoices/insert-invoice.js';
import { issueInvoice } from '../invoices/issue-invoice.js';
import { rateLine, type RatedLine } from '../invoices/rate-line.js';
import { describePrice } from '../invoices/resolve-draft-lines.js';

const KIND = 'recurring';

type BillableItem = SubscriptionItem & { price: Price & { plan: Plan } };

interface DuePeriod extends Period {
  readonly index: number;
}

/**
 * Bills the next period of a subscription whose row this transaction holds, in advance, and moves it on to that
 * period. The claim on the period, the invoice, its number and the move are one transaction: a crash anywhere
 * leaves the period unbilled and due, and a period is never billed twice.
 */
export async function billPeriod(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<void> {
  const period = duePeriodOf(subscription);
  const now = ctx.clock.now();
  await tx.db.subscription.update({
    where: { id: subscription.id },
    data: {
      status: subscriptionStates.next(subscription.status, period.index === 0 ? 'start' : 'renew'),
      periodIndex: period.index,
      currentPeriodStart: period.start,
      currentPeriodEnd: period.end,
      nextBillingAt: period.end,
      billingError: null,
      billingRetries: 0,
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  tx.due('billing', period.end);
  const claim = { subscriptionId: subscription.id, kind: KIND, periodStart: period.start };
  const { count } = await tx.db.billingPeriod.createMany({
    data: [{ ...claim, id: newId('bp'), periodEnd: period.end, createdAt: now }],
    skipDuplicates: true,
  });
  if (count === 0) return;
  const draft = await insertInvoice(ctx, tx, {
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    externalId: null,
    currency: subscription.currency,
    billingReason: period.index === 0 ? 'subscription_create' : 'subscription_cycle',
    collectionMethod: subscription.collectionMethod as CollectionMethod,
    netTermsDays: subscription.netTermsDays,
    memo: null,
    metadata: {},
    lines: linesOf(await readItems(tx, subscription), period),
  });
  await tx.db.billingPeriod.update({
    where: { subscriptionId_kind_periodStart: claim },
    data: { invoiceId: draft.id },
  });
  await issueInvoice(ctx, tx, draft);
}

/**
 * The period that is to be billed next. The first one begins at the moment of the start and is billed in full; each
 * later one begins exactly where the stored one before it ended, and ends at its bound counted from the anchor.
 */
export function duePeriodOf(subscription: Subscription): DuePeriod {
  if (subscription.status === 'scheduled') {
    return { index: 0, start: subscription.currentPeriodStart, end: subscription.currentPeriodEnd };
  }
  const index = subscription.periodIndex + 1;
  return { index, start: subscription.currentPeriodEnd, end: periodBound(cycleOf(subscription), index + 1) };
}

/** The rhythm of a subscription, as the calendar takes it. */
export function cycleOf(
  subscription: Pick<Subscription, 'anchorDate' | 'interval' | 'intervalCount' | 'timeZone'>,
): Cycle {
  return {
    anchorDate: subscription.anchorDate,
    interval: subscription.interval as Interval,
    count: subscription.intervalCount,
    timeZone: subscription.timeZone,
  };
}

function readItems(tx: TenantTransaction, subscription: Subscription): Promise<BillableItem[]> {
  return tx.db.subscriptionItem.findMany({
    where: { subscriptionId: subscription.id },
    orderBy: { position: 'asc' },
    include: { price: { include: { plan: true } } },
  });
}

/** A line an item: a recurring price pays for the period, a one-time price stands on the first invoice only. */
function linesOf(items: readonly BillableItem[], period: DuePeriod): RatedLine[] {
  return items
    .filter(({ price }) => price.type === 'recurring' || period.index === 0)
    .map(({ price, quantity }) =>
      rateLine({
        description: describePrice(price),
        priceId: price.id,
        model: price.model as PriceModel,
        unitAmount: toDecimal(price.unitAmount),
        quantity: toDecimal(quantity),
        period: price.type === 'recurring' ? { start: period.start, end: period.end } : null,
      }),
    );
}
