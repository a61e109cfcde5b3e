import type { Period } from '../calendar/periods.js';
import { type Decimal, roundToMinor } from '../money/decimal.js';
import { type Fraction, prorate, WHOLE } from '../proration/fraction.js';
import { intersect, type ProrationBasis, prorationFactor } from '../proration/proration-factor.js';
import { capped } from '../proration/unused-credit.js';
import { pairItems, type ItemInForce, type ItemPair, type NewItem } from './changed-items.js';

/** `full_price_reset` begins a new cycle at its full price and credits nothing: for packs of credits. */
export type ProrationChoice = 'lines' | 'none' | 'full_price_reset';

/** A period that is billed, and the full period of the cycle that it is part of. */
export interface PeriodOfFull {
  readonly period: Period;
  readonly full: Period;
}

export interface PlanChange extends PeriodOfFull {
  readonly old: readonly ItemInForce[];
  readonly next: readonly NewItem[];
  readonly at: Date;
  readonly timeZone: string;
  readonly basis: ProrationBasis;
  /** `lines` when left out. */
  readonly proration?: ProrationChoice;
  /** The first period of the new cycle, where the change begins one: another interval, or `full_price_reset`. */
  readonly restart?: PeriodOfFull;
}

/** A line of the adjustment; the amount is positive for credits and charges alike, in minor units. */
export interface ChangeLine {
  /** The old item of a credit or an accrual, the new item of a charge. */
  readonly key: string;
  /** The item on the other side, where both are one line: more or fewer of the same. */
  readonly nettedWith: string | null;
  readonly amount: bigint;
  readonly unrounded: Decimal;
  /** The days that the line is for; null for a one-time price. */
  readonly period: Period | null;
  readonly factor: Fraction;
}

export interface PlanChangeLines {
  /** For time that was billed and will not be used. */
  readonly credits: ChangeLine[];
  /** For what begins now. */
  readonly charges: ChangeLine[];
  /** For days of items in arrears that end now: to be billed with the renewal, or at once when nothing renews. */
  readonly accrued: ChangeLine[];
}

/**
 * The money of a change of plan, price or quantity, by Meteroid's and Polar's rules with Kill Bill's caps. Old items
 * give back their unused share of the full value in force, new ones cost the same share of theirs; the day of the
 * change belongs to the new. The same price and model on both sides is one line of the difference, and nothing where
 * nothing is left of it. Items that stay as they are have no line, whatever became of their discount. A one-time price
 * is charged in full and never credited, usage has no line. With a new cycle nothing is netted: the sides have periods
 * of their own.
 * @throws RangeError for `full_price_reset` without the new cycle's period.
 */
export function planChange(change: PlanChange): PlanChangeLines {
  const lines: PlanChangeLines = { credits: [], charges: [], accrued: [] };
  if (change.proration === 'none') return lines;
  if (change.proration === 'full_price_reset' && !change.restart) {
    throw new RangeError('A reset at the full price needs the period of the new cycle.');
  }
  const { old, next } = change;
  for (const pair of pairItems({ old, next, cycle: change.restart ? 'restarts' : 'goes_on' })) {
    if (pair.old?.kind === 'recurring' && pair.old.timing === 'in_arrears') {
      keep(lines.accrued, accrual(change, pair.old));
    } else if (pair.old && pair.next) {
      net(change, lines, { old: pair.old, next: pair.next });
    } else {
      if (pair.old) keep(lines.credits, credit(change, pair.old));
      if (pair.next) keep(lines.charges, charge(change, pair.next));
    }
  }
  return lines;
}

/** A line before its rounding, and nothing for what has no line at all. */
type Draft = Omit<ChangeLine, 'amount'> | null;

function credit(change: PlanChange, item: ItemInForce): Draft {
  if (item.kind !== 'recurring' || change.proration === 'full_price_reset') return null;
  const { period, full } = item.own ?? change;
  const unused = intersect(period, { start: change.at, end: period.end });
  if (!unused) return null;
  const factor = share(change, unused, full);
  const unrounded = capped(prorate(item.amount, factor), item);
  return { key: item.key, nettedWith: null, unrounded, period: unused, factor };
}

function charge(change: PlanChange, item: NewItem): Draft {
  const line = { key: item.key, nettedWith: null };
  if (item.kind === 'one_time') return { ...line, unrounded: item.amount, period: null, factor: WHOLE };
  if (item.kind === 'usage' || item.timing === 'in_arrears') return null;
  const { period, full } = item.own ?? change.restart ?? change;
  const rest = intersect(period, { start: change.at, end: period.end });
  if (!rest) return null;
  const factor = change.proration === 'full_price_reset' ? WHOLE : share(change, rest, full);
  return { ...line, unrounded: prorate(item.amount, factor), period: rest, factor };
}

/** The days of an item in arrears up to the change. */
function accrual(change: PlanChange, item: ItemInForce): Draft {
  const { period, full } = item.own ?? change;
  const used = intersect(period, { start: item.since ?? period.start, end: change.at });
  if (!used) return null;
  const factor = share(change, used, full);
  return { key: item.key, nettedWith: null, unrounded: prorate(item.amount, factor), period: used, factor };
}

/** One line of the difference. Of a one-time price only more is a line: what was bought is not given back. */
function net(change: PlanChange, lines: PlanChangeLines, { old, next }: Required<ItemPair>): void {
  const added = charge(change, next);
  const given = old.kind === 'one_time' ? old.amount : credit(change, old)?.unrounded;
  if (!added) return;
  const difference = given ? added.unrounded.minus(given) : added.unrounded;
  if (!difference.isNegative()) {
    keep(lines.charges, { ...added, nettedWith: old.key, unrounded: difference });
  } else if (old.kind === 'recurring') {
    keep(lines.credits, { ...added, key: old.key, nettedWith: next.key, unrounded: difference.negated() });
  }
}

function share(change: PlanChange, part: Period, full: Period): Fraction {
  return prorationFactor({ part, full, timeZone: change.timeZone, basis: change.basis });
}

function keep(lines: ChangeLine[], draft: Draft): void {
  if (!draft) return;
  const amount = roundToMinor(draft.unrounded, 'half_away_from_zero');
  if (amount !== 0n) lines.push({ ...draft, amount });
}
