import { type Decimal, roundToMinor, type RoundingMode } from '../money/decimal.js';

export type PriceModel = 'flat' | 'per_unit';

export interface RatedPrice {
  /** Whole minor units: what the line costs. */
  readonly amount: bigint;
  /** The exact amount before the one rounding, kept so that a line can be explained. */
  readonly unrounded: string;
  readonly rounding: RoundingMode;
}

export interface RatePriceInput {
  readonly model: PriceModel;
  /** Minor units, may be finer than one. */
  readonly unitAmount: Decimal;
  readonly quantity: Decimal;
}

const EXACT: Record<PriceModel, (input: RatePriceInput) => Decimal> = {
  // A flat price is for the thing as a whole, however many are taken.
  flat: ({ unitAmount }) => unitAmount,
  per_unit: ({ unitAmount, quantity }) => unitAmount.times(quantity),
};

/** Prices a quantity: exact arithmetic, and one rounding at the end of the line. */
export function ratePrice(input: RatePriceInput): RatedPrice {
  const rounding: RoundingMode = 'half_away_from_zero';
  const exact = EXACT[input.model](input);
  return { amount: roundToMinor(exact, rounding), unrounded: exact.toFixed(), rounding };
}
