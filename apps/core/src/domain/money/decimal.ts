import { Decimal as DecimalJs } from 'decimal.js';

/**
 * Exact decimals. The precision holds the product of any two NUMERIC(38,12) columns, so that a price times a
 * quantity is never rounded before its place. A clone of our own: other users of decimal.js cannot reconfigure it.
 */
export const Decimal = DecimalJs.clone({
  precision: 100,
  rounding: DecimalJs.ROUND_HALF_UP,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  minE: -9e15,
  maxE: 9e15,
});
export type Decimal = DecimalJs;

/** How an unrounded amount becomes whole minor units. Named at every call, so that nobody has to guess. */
export type RoundingMode = 'half_away_from_zero';

const DECIMAL_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;

/**
 * Reads a decimal from its text, or from anything that prints itself as one, such as a Prisma Decimal.
 * JavaScript numbers are not taken: a price that went through a float is already wrong.
 */
export function toDecimal(
  value: string | bigint | { toString(): string; readonly d: readonly number[] },
): Decimal {
  const text = value.toString();
  if (!DECIMAL_TEXT.test(text)) throw new RangeError(`"${text}" is not a decimal number.`);
  return new Decimal(text);
}

/** Rounds to whole minor units. */
export function roundToMinor(value: Decimal, mode: RoundingMode): bigint {
  if (!value.isFinite()) throw new RangeError('An amount must be finite.');
  return BigInt(value.toDecimalPlaces(0, ROUNDING[mode]).toFixed(0));
}

const ROUNDING: Record<RoundingMode, DecimalJs.Rounding> = {
  // decimal.js calls it "half up" and means away from zero.
  half_away_from_zero: DecimalJs.ROUND_HALF_UP,
};
