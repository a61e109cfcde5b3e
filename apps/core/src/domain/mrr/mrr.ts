import type { Interval } from '../calendar/periods.js';
import { Decimal, roundToMinor } from '../money/decimal.js';

/** A price that recurs for a quantity: no usage, nothing that is charged once. */
export interface RecurringItem {
  /** Minor units for one interval at the quantity in force, without tax, before discounts; a whole period, never a part. */
  readonly amount: Decimal;
  readonly interval: Interval;
  readonly count: number;
}

/**
 * A discount that goes on: for some periods that are not over, or forever. Those used once are left out. `covers` tells
 * which items one that is limited is taken of; without it, it is taken of all.
 */
export type RecurringDiscount = { readonly covers?: (item: RecurringItem) => boolean } & (
  | { readonly kind: 'percentage'; readonly percent: Decimal }
  /** Minor units off each invoice of a period. */
  | { readonly kind: 'fixed'; readonly amount: bigint; readonly interval: Interval; readonly count: number }
);

const MONTHS: Readonly<Record<Interval, { readonly months: number; readonly per: number }>> = {
  // A year has twelve months, 52 weeks or 365 days.
  day: { months: 12, per: 365 },
  week: { months: 12, per: 52 },
  month: { months: 1, per: 1 },
  quarter: { months: 3, per: 1 },
  half_year: { months: 6, per: 1 },
  year: { months: 12, per: 1 },
};

/**
 * Monthly recurring revenue of a subscription, in whole minor units, rounded once: what its recurring prices come to in
 * a month, after recurring discounts (percentages first) and without tax. Only an active one has any: a trial, a pause
 * and an end bring it to zero.
 */
export function mrrOf({
  status,
  items,
  discounts,
}: {
  status: 'scheduled' | 'trialing' | 'active' | 'paused' | 'canceled';
  items: readonly RecurringItem[];
  discounts: readonly RecurringDiscount[];
}): bigint {
  if (status !== 'active') return 0n;
  const months = items.map((item) => ({ item, month: monthly(item.amount, item) }));
  for (const discount of discounts) {
    if (discount.kind !== 'percentage') continue;
    const rest = new Decimal(100).minus(discount.percent).dividedBy(100);
    for (const line of covered(months, discount)) line.month = line.month.times(rest);
  }
  let sum = sumOf(months);
  for (const discount of discounts) {
    if (discount.kind !== 'fixed') continue;
    // No more than there is left to take it of.
    const most = Decimal.min(sum, sumOf(covered(months, discount)));
    sum = sum.minus(Decimal.min(most, monthly(new Decimal(discount.amount.toString()), discount)));
  }
  return roundToMinor(sum, 'half_away_from_zero');
}

interface MonthlyItem {
  readonly item: RecurringItem;
  month: Decimal;
}

function covered(months: readonly MonthlyItem[], { covers }: RecurringDiscount): readonly MonthlyItem[] {
  return covers ? months.filter(({ item }) => covers(item)) : months;
}

function sumOf(months: readonly MonthlyItem[]): Decimal {
  return months.reduce((sum, { month }) => sum.plus(month), new Decimal(0));
}

export type MrrMovementKind = 'new' | 'expansion' | 'contraction' | 'churn' | 'reactivation';

export interface MrrMovement {
  readonly kind: MrrMovementKind;
  readonly delta: bigint;
}

/**
 * What a change of a subscription's MRR is called; undefined when it did not change, so that a change that is processed
 * twice moves nothing.
 *
 * @param history whether it ever had MRR before
 */
export function mrrMovement({
  before,
  after,
  history,
}: {
  before: bigint;
  after: bigint;
  history: 'first' | 'earlier';
}): MrrMovement | undefined {
  const delta = after - before;
  if (delta === 0n) return undefined;
  if (before === 0n) return { kind: history === 'first' ? 'new' : 'reactivation', delta };
  if (after === 0n) return { kind: 'churn', delta };
  return { kind: delta > 0n ? 'expansion' : 'contraction', delta };
}

function monthly(amount: Decimal, { interval, count }: { interval: Interval; count: number }): Decimal {
  const { months, per } = MONTHS[interval];
  return amount.times(per).dividedBy(months * count);
}
