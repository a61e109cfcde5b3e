import { addDays, localDate, localDaysBetween, startOfLocalDate, type Period } from '../calendar/periods.js';
import { type Decimal, roundToMinor } from '../money/decimal.js';
import { type Fraction, prorate } from '../proration/fraction.js';
import { intersect, type ProrationBasis, prorationFactor } from '../proration/proration-factor.js';
import {
  type CreditableLine,
  type UnusedCredit,
  unusedCredits,
  type UnusedTime,
} from '../proration/unused-credit.js';

/** The credits of a pause in the mode `credit`: for all that was billed beyond its first day (Kill Bill's rule). */
export function pauseCredits(pause: UnusedTime): UnusedCredit[] {
  return unusedCredits(pause);
}

/** A recurring fee in advance, and its value for a full period after discount, in minor units, unrounded. */
export type ResumedItem = Pick<CreditableLine, 'key' | 'amount'>;

export interface Resumption {
  readonly items: readonly ResumedItem[];
  readonly at: Date;
  /** The period of the cycle that the resumption falls into, and the full one around it. */
  readonly period: Period;
  readonly full: Period;
  readonly timeZone: string;
  readonly basis: ProrationBasis;
}

export interface ResumeCharge {
  readonly key: string;
  readonly amount: bigint;
  readonly unrounded: Decimal;
  readonly period: Period;
  readonly factor: Fraction;
}

/**
 * What the rest of the period costs when one resumes that was paused in the mode `credit`. The cycle has not moved, so
 * the share is of the same full period that the credit was a share of: pausing and resuming on one day nets to zero.
 */
export function resumeCharges({ items, at, period, full, timeZone, basis }: Resumption): ResumeCharge[] {
  const rest = intersect(period, { start: at, end: period.end });
  if (!rest) return [];
  const factor = prorationFactor({ part: rest, full, timeZone, basis });
  return items.flatMap(({ key, amount: price }) => {
    const unrounded = prorate(price, factor);
    const amount = roundToMinor(unrounded, 'half_away_from_zero');
    return amount === 0n ? [] : [{ key, amount, unrounded, period: rest, factor }];
  });
}

export interface Extension {
  /** Local midnights between pause and resumption. */
  readonly days: number;
  /** The moved end of the period in which the pause began. */
  readonly periodEnd: Date;
  /** The cycle's new anchor: the moved end. The next period is its number 0. Null when no day was lost. */
  readonly anchorDate: string | null;
}

/**
 * Moves a period's end, and the cycle with it, by the whole days of a pause in the mode `extend`. The end that is stored
 * is what moves: shifting the old anchor instead would lose or give days where months differ in length. No money flows.
 */
export function extendByPause(pause: {
  pausedAt: Date;
  resumedAt: Date;
  periodEnd: Date;
  timeZone: string;
}): Extension {
  const { pausedAt, resumedAt, periodEnd, timeZone } = pause;
  const days = localDaysBetween(pausedAt, resumedAt, timeZone);
  if (days <= 0) return { days: 0, periodEnd, anchorDate: null };
  const anchorDate = addDays(localDate(periodEnd, timeZone), days);
  return { days, periodEnd: startOfLocalDate(anchorDate, timeZone), anchorDate };
}
