import type { Interval } from '../calendar/periods.js';
import type { Decimal } from '../money/decimal.js';

export type ChangeDirection = 'upgrade' | 'downgrade' | 'same';
export type ChangeTiming = 'immediate' | 'period_end';

/** What a plan's recurring fees come to, in minor units of one currency, and how often. */
export interface RecurringValue {
  readonly amount: Decimal;
  readonly interval: Interval;
  readonly count: number;
}

const PER_YEAR: Record<Interval, number> = {
  day: 365,
  week: 52,
  month: 12,
  quarter: 4,
  half_year: 2,
  year: 1,
};

/** Compares what both come to in a year: 12 × 17.00 a month is more than 134.00 a year (Lago's rule). */
export function changeDirection(change: { old: RecurringValue; next: RecurringValue }): ChangeDirection {
  const { old, next } = change;
  // Cross-multiplied by the counts, so that nothing is divided.
  const [before, after] = [
    old.amount.times(PER_YEAR[old.interval]).times(next.count),
    next.amount.times(PER_YEAR[next.interval]).times(old.count),
  ];
  if (after.equals(before)) return 'same';
  return after.greaterThan(before) ? 'upgrade' : 'downgrade';
}

/** When a change takes effect that does not say so: less waits for the end of what was paid for. */
export function defaultTiming(direction: ChangeDirection): ChangeTiming {
  return direction === 'downgrade' ? 'period_end' : 'immediate';
}
