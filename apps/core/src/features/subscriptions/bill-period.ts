import type { Plan, Price, Subscription, SubscriptionItem } from '@nova/prisma-tenant';

import { periodBound, type Cycle, type Interval, type Period } from '../../domain/calendar/periods.js';
import { toDecimal } from '../../domain/money/decimal.js';
import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TaxBehavior } from '../../domain/tax/tax-types.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { type Charge, PLAIN_CHARGE } from '../billing/charge.js';
import type { CollectionMethod } from '../billing/invoice-plan.js';
import { LINE_ROUNDING, rateLine } from '../billing/rate-line.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { describePrice } from '../invoices/resolve-draft-lines.js';
import { termsOf } from '../plans/price-terms.js';

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
  await writeInvoices(ctx, tx, [
    {
      customerId: subscription.customerId,
      subscriptionId: subscription.id,
      externalId: null,
      currency: subscription.currency,
      billingReason: period.index === 0 ? 'subscription_create' : 'subscription_cycle',
      collectionMethod: subscription.collectionMethod as CollectionMethod,
      netTermsDays: subscription.netTermsDays,
      memo: null,
      purchaseOrder: null,
      metadata: {},
      charges: chargesOf(await readItems(tx, subscription), period),
      claims: [
        {
          subscriptionId: subscription.id,
          kind: 'recurring',
          periodStart: period.start,
          periodEnd: period.end,
        },
      ],
      finalize: 'now',
      onFinalize: null,
    },
  ]);
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

/** A charge an item: a recurring price pays for the period, a one-time price stands on the first invoice only. */
function chargesOf(items: readonly BillableItem[], period: DuePeriod): Charge[] {
  return items
    .filter(({ price }) => price.type === 'recurring' || period.index === 0)
    .map(({ price, ...item }) => {
      const quantity = toDecimal(item.quantity);
      const terms = termsOf(price, item.termsOverride);
      const { unitAmount, rated } = rateLine(terms, { quantity });
      return {
        ...PLAIN_CHARGE,
        kind: price.type === 'recurring' ? 'recurring' : 'one_time',
        description: describePrice(price),
        priceId: price.id,
        planId: price.planId,
        subscriptionId: item.subscriptionId,
        subscriptionItemId: item.id,
        quantity,
        unitAmount,
        unit: price.unit,
        amount: rated.amount,
        period: price.type === 'recurring' ? { start: period.start, end: period.end } : null,
        taxCategory: price.taxCategory,
        taxBehavior: price.taxBehavior as TaxBehavior,
        explanation: {
          model: terms.model,
          unrounded: rated.unrounded.toFixed(),
          rounding: LINE_ROUNDING,
          steps: rated.steps,
        },
      };
    });
}
