import { type Interval } from '../../../domain/calendar/periods.js';
import { Decimal } from '../../../domain/money/decimal.js';
import { mrrOf, type RecurringDiscount, type RecurringItem } from '../../../domain/mrr/mrr.js';
import type { SubscriptionStatus } from '../../../domain/subscriptions/subscription-state.js';
import type { Billable, BillableItem } from '../../billing/billable.js';
import type { ActiveDiscount } from '../../billing/load-discounts.js';

/** An item that recurs, and whose price it is of, which limited discounts go by. */
interface PricedItem extends RecurringItem {
  readonly price: BillableItem['price'];
}

/**
 * What a subscription brings in a month, in minor units of its currency: the recurring prices that are in force, within
 * their minimum and maximum, after the discounts that go on. Usage, what is paid once and commitments are no part of it.
 */
export function subscriptionMrr(
  { subscription, items }: Billable,
  discounts: readonly ActiveDiscount[],
): bigint {
  return mrrOf({
    status: subscription.status as SubscriptionStatus,
    items: items.filter(({ price, row }) => price.type === 'recurring' && row.endedAt === null).map(priced),
    discounts: discounts.flatMap((discount) => recurring(discount, subscription)),
  });
}

function priced({ price, quantity, rate }: BillableItem): PricedItem {
  const { minimumAmount, maximumAmount } = price;
  let amount = rate({ quantity, events: [quantity] }).unrounded;
  if (maximumAmount !== null) amount = Decimal.min(amount, maximumAmount.toString());
  if (minimumAmount !== null) amount = Decimal.max(amount, minimumAmount.toString());
  return { price, amount, interval: price.interval as Interval, count: price.intervalCount ?? 1 };
}

/** One that is used once is left out, and so is one for another subscription or currency. */
function recurring(
  { subscriptionId, currency, terms }: ActiveDiscount,
  subscription: Billable['subscription'],
): RecurringDiscount[] {
  if (terms.duration.kind === 'once') return [];
  if (subscriptionId !== null && subscriptionId !== subscription.id) return [];
  if (currency !== null && currency !== subscription.currency) return [];
  const { appliesTo, value } = terms;
  const covers = (item: RecurringItem) => {
    const { price } = item as PricedItem;
    return (
      appliesTo === null || appliesTo.planIds.includes(price.planId) || appliesTo.priceIds.includes(price.id)
    );
  };
  if (value.kind === 'percentage') return [{ kind: 'percentage', percent: value.percent, covers }];
  const interval = subscription.interval as Interval;
  return [{ kind: 'fixed', amount: value.amount, interval, count: subscription.intervalCount, covers }];
}
