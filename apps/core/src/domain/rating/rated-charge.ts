import { type Decimal, roundToMinor } from '../money/decimal.js';
import { MAX_LINE_AMOUNT } from './term-limits.js';

/** Units added or taken away at one time, and what they weigh by the part of the period they were held for. */
export interface ProratedChange {
  readonly quantity: Decimal;
  readonly proratedQuantity: Decimal;
}

/** What was used in the period, as measured: before conversion and free units. */
export interface RatedUsage {
  /** Less than nothing is billed as nothing. */
  readonly quantity: Decimal;
  /** The amount of every event by event time, for terms that `needsEvents`. */
  readonly events?: readonly Decimal[];
  /** Full units choose the tier, prorated units are priced. For per_unit, graduated and volume only. */
  readonly proratedQuantity?: Decimal;
  /** The same told change by change, by event time: each is priced in the tiers it filled or emptied. */
  readonly changes?: readonly ProratedChange[];
  /** The peak of each kind of unit, for capacity. Without it the quantity is the peak of the only unit. */
  readonly peaks?: Readonly<Record<string, Decimal>>;
}

export interface ConversionStep {
  readonly kind: 'conversion';
  readonly measured: string;
  readonly converted: string;
}

export interface FreeStep {
  readonly kind: 'free';
  /** Units, or an amount of minor units where rates apply. */
  readonly of: 'units' | 'amount';
  readonly quantity: string;
}

/**
 * A part of a charge. `tier` does not have the price of a whole table but of one row of it.
 * `fixed_fees` are the fees per event, `event_bounds` what the minimum and maximum per event added or took off.
 */
export interface PricedStep {
  readonly kind:
    | 'flat'
    | 'units'
    | 'tier'
    | 'packages'
    | 'blocks'
    | 'percentage'
    | 'fixed_fees'
    | 'event_bounds'
    | 'dynamic'
    | 'capacity';
  /** From 1; null where the model has no tiers. */
  readonly tier: number | null;
  /** Exclusive. */
  readonly from: string | null;
  /** Inclusive; null is open. */
  readonly upTo: string | null;
  /** Units, packages, blocks, events, or an amount of minor units where a rate applies. */
  readonly quantity: string;
  /** Minor units for one of the quantity; null where there is no such price. */
  readonly unitAmount: string | null;
  /** Percent. */
  readonly rate: string | null;
  readonly flatAmount: string;
  /** Minor units, unrounded. */
  readonly amount: string;
}

/** A step of the way to an amount, ready for JSON: numbers are decimal texts. */
export type RatingStep = ConversionStep | FreeStep | PricedStep;

export interface RatedCharge {
  /** The exact amount before the one rounding. */
  readonly unrounded: Decimal;
  /** Whole minor units. */
  readonly amount: bigint;
  /** After conversion and free units. */
  readonly quantityBilled: Decimal;
  /** In words and numbers by `explainSteps`. The amounts add up to `unrounded`. */
  readonly steps: readonly RatingStep[];
}

/** An amount that no invoice can show: the usage or the price is out of all bounds. */
export class AmountTooLargeError extends RangeError {
  constructor(amount: bigint) {
    super(`An amount of ${amount} minor units is more than one line can have.`);
    this.name = 'AmountTooLargeError';
  }
}

/** Hands an amount on if a line can have it, and throws `AmountTooLargeError` otherwise. */
export function checkLineAmount(amount: bigint): bigint {
  if (amount > MAX_LINE_AMOUNT || amount < -MAX_LINE_AMOUNT) throw new AmountTooLargeError(amount);
  return amount;
}

/**
 * Quotients such as thirds come with a hundred digits, and a third of three halves must still be exactly a half.
 * No true amount is as near to a half as the sixtieth decimal without being one.
 */
const SETTLED_DECIMALS = 60;

/** Takes the dust of divisions off. */
export function settle(value: Decimal): Decimal {
  return value.toDecimalPlaces(SETTLED_DECIMALS);
}

/** The one rounding of a line, halves away from zero. */
export function roundLine(unrounded: Decimal): bigint {
  return checkLineAmount(roundToMinor(unrounded, 'half_away_from_zero'));
}
