import type { Period } from '../calendar/periods.js';
import { type Decimal, roundToMinor, toDecimal } from '../money/decimal.js';
import { type Fraction, prorate } from './fraction.js';
import { intersect, type ProrationBasis, prorationFactor } from './proration-factor.js';

/** A fee in advance of which the rest may be given back: recurring, prorated, neither usage nor one-time. */
export interface CreditableLine {
  readonly key: string;
  /** The value in force after discount of the full reference period, in minor units, unrounded. */
  readonly amount: Decimal;
  readonly full: Period;
  /** The part of it that was billed. */
  readonly period: Period;
  /** What was billed for that part, after discount, and how much of it was credited before, in minor units. */
  readonly billed: bigint;
  readonly credited: bigint;
}

export interface UnusedCredit {
  readonly key: string;
  /** Positive, in minor units. */
  readonly amount: bigint;
  readonly unrounded: Decimal;
  /** The time that is not used. */
  readonly period: Period;
  readonly factor: Fraction;
}

export interface UnusedTime {
  readonly lines: readonly CreditableLine[];
  /** The first moment that is not used; by days, all of its local day is not. */
  readonly at: Date;
  readonly timeZone: string;
  readonly basis: ProrationBasis;
}

/**
 * What is given back for time that was billed and will not be used, when a subscription is canceled or paused: a credit
 * a line, each from the full value in force and capped by what is uncredited. Lines of several periods give several
 * credits; those with nothing left give none.
 */
export function unusedCredits({ lines, at, timeZone, basis }: UnusedTime): UnusedCredit[] {
  return lines.flatMap((line) => {
    const period = intersect(line.period, { start: at, end: line.period.end });
    if (!period) return [];
    const factor = prorationFactor({ part: period, full: line.full, timeZone, basis });
    const unrounded = capped(prorate(line.amount, factor), line);
    const amount = roundToMinor(unrounded, 'half_away_from_zero');
    return amount > 0n ? [{ key: line.key, amount, unrounded, period, factor }] : [];
  });
}

/**
 * A credit before its rounding: never more than what is left uncredited of its line, and never negative (Flexprice's and
 * Kill Bill's rule).
 */
export function capped(potential: Decimal, line: { billed: bigint; credited: bigint }): Decimal {
  const rest = toDecimal(line.billed - line.credited);
  const credit = potential.lessThan(rest) ? potential : rest;
  return credit.isNegative() ? toDecimal(0n) : credit;
}
