import type { Meter, Plan, Price, Subscription, SubscriptionItem } from '@nova/prisma-tenant';

import { firstPeriod } from '../../domain/calendar/alignment.js';
import {
  type Cycle,
  type Interval,
  localDate,
  type Period,
  periodAt,
} from '../../domain/calendar/periods.js';
import type { Decimal } from '../../domain/money/decimal.js';
import { intersect } from '../../domain/proration/proration-factor.js';
import type { ChargeTerms } from '../../domain/rating/charge-terms.js';
import type { CompiledTerms } from '../../domain/rating/compile-terms.js';

export type PlannedPrice = Price & { readonly plan: Plan };

/** A row of a subscription's items with what rating it takes. Rows that have ended are rated for their time. */
export interface BillableItem {
  readonly row: SubscriptionItem;
  readonly quantity: Decimal;
  readonly price: PlannedPrice;
  readonly meter: Meter | null;
  readonly terms: ChargeTerms;
  readonly rate: CompiledTerms;
}

/** A subscription with all of its items, those that have ended too, in their order. */
export interface Billable {
  readonly subscription: Subscription;
  readonly items: readonly BillableItem[];
}

/** A period that is billed, and the full period of the cycle that prices are for: the two differ for a stub. */
export interface BilledPeriod {
  readonly period: Period;
  readonly full: Period;
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

/** A period of a subscription by its number in the cycle. */
export function billedPeriod(subscription: Subscription, index: number, period: Period): BilledPeriod {
  return { period, full: fullFor(subscription, period, periodAt(cycleOf(subscription), index)) };
}

/**
 * The same where only its bounds are known. Of a period in another rhythm, or of a cycle that has moved since, the full
 * one is counted from its own first day.
 */
export function billedPeriodAt(billable: Billable, period: Period): BilledPeriod {
  const { subscription, items } = billable;
  const cycle = cycleOf(subscription);
  const price = items.find((item) => item.price.interval && timeInForce(billable, item, period))?.price;
  const interval = (price?.interval ?? cycle.interval) as Interval;
  const count = price?.intervalCount ?? cycle.count;
  if (interval === cycle.interval && count === cycle.count) {
    const { full } = firstPeriod(cycle, period.start);
    if (period.end <= full.end) return { period, full: fullFor(subscription, period, full) };
  }
  const anchorDate = localDate(period.start, cycle.timeZone);
  const counted = periodAt({ ...cycle, interval, count, anchorDate }, 0);
  const full = counted.end < period.end ? period : counted;
  return { period, full: fullFor(subscription, period, full) };
}

/** A first period that begins in the course of its first day is a full one: that day counts as a whole (ADR 0002). */
function fullFor({ timeZone }: Subscription, period: Period, full: Period): Period {
  const isLaterThatDay =
    period.start > full.start && localDate(period.start, timeZone) === localDate(full.start, timeZone);
  return isLaterThatDay ? { start: period.start, end: full.end } : full;
}

/** The part of a period in which an item is in force; null when it is in none of it. */
export function timeInForce(
  { subscription }: Billable,
  { row }: BillableItem,
  period: Period,
): Period | null {
  const start = row.startedAt ?? subscription.startedAt;
  const end = row.endedAt ?? period.end;
  return start < end ? intersect(period, { start, end }) : null;
}
