import type { Decimal } from '../../../domain/money/decimal.js';
import type { BillingTiming, ItemKind } from '../../../domain/subscriptions/changed-items.js';
import { type Billable, type BillableItem, billedPeriod, type BilledPeriod } from '../../billing/billable.js';

/** The rows that are in force: those of the items that have not ended. */
export function openItems({ items }: Billable): BillableItem[] {
  return items.filter(({ row }) => row.endedAt === null);
}

/** What an item costs for a full period before discounts, in minor units, unrounded. */
export function fullValue({ quantity, rate }: BillableItem): Decimal {
  return rate({ quantity, events: [quantity] }).unrounded;
}

/** What kind of price an item is of, as plan changes tell them apart. */
export function kindOf({ price }: BillableItem): ItemKind {
  return price.type as ItemKind;
}

/** When an item is billed. Usage is always billed when its period is over. */
export function timingOf({ price }: BillableItem): BillingTiming {
  return price.type === 'usage' ? 'in_arrears' : (price.billing as BillingTiming);
}

/** Whether an item is a fee that is paid before it is used, of which a part can be given back. */
export function isPaidAhead(item: BillableItem): boolean {
  return kindOf(item) === 'recurring' && timingOf(item) === 'in_advance' && item.price.prorated;
}

/** The period that a subscription is in, with the full one that its prices are for. */
export function currentPeriod({ subscription }: Billable): BilledPeriod {
  const { periodIndex, currentPeriodStart, currentPeriodEnd } = subscription;
  return billedPeriod(subscription, periodIndex, { start: currentPeriodStart, end: currentPeriodEnd });
}
