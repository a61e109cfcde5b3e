import { localDaysBetween, type Period } from '../calendar/periods.js';
import { type Fraction, fraction, NONE } from './fraction.js';

/** What a share of a period is measured in: whole local days, which a reader can count, or seconds. */
export type ProrationBasis = 'day' | 'second';

export interface ProrationQuestion {
  /** The part that is billed or credited. What lies outside `full` does not count. */
  readonly part: Period;
  /** The reference period that the price is for. */
  readonly full: Period;
  /** Whose days are counted: the customer's. */
  readonly timeZone: string;
  readonly basis: ProrationBasis;
}

const SECOND_MS = 1_000;

/**
 * The share of a period's price that a part of it costs. Half-open: the day on which the part begins counts, the day on
 * which it ends belongs to what comes after. Never more than 1; the parts of a period add up to 1 exactly.
 * A period of no length (a local day that was skipped) costs nothing.
 */
export function prorationFactor({ part, full, timeZone, basis }: ProrationQuestion): Fraction {
  const measure = basis === 'day' ? (from: Date, to: Date) => localDaysBetween(from, to, timeZone) : seconds;
  const whole = measure(full.start, full.end);
  if (whole <= 0) return NONE;
  const common = intersect(part, full);
  if (!common) return fraction(0n, BigInt(whole));
  return fraction(BigInt(measure(common.start, common.end)), BigInt(whole));
}

/** What two periods have in common, or null where that has no length. */
export function intersect(a: Period, b: Period): Period | null {
  const start = a.start > b.start ? a.start : b.start;
  const end = a.end < b.end ? a.end : b.end;
  return start < end ? { start, end } : null;
}

function seconds(from: Date, to: Date): number {
  return Math.floor(to.getTime() / SECOND_MS) - Math.floor(from.getTime() / SECOND_MS);
}

/** The parts into which instants cut a period, in order; instants outside it cut nothing. */
export function splitPeriod(period: Period, instants: readonly Date[]): Period[] {
  const cuts = instants
    .filter((instant) => instant > period.start && instant < period.end)
    .map((instant) => instant.getTime())
    .sort((a, b) => a - b);
  const bounds = [...new Set([period.start.getTime(), ...cuts, period.end.getTime()])];
  return bounds.slice(1).map((end, index) => ({ start: new Date(bounds[index] ?? end), end: new Date(end) }));
}
