import { Decimal } from '../money/decimal.js';

/** An exact ratio. Not reduced: an invoice says 15/30, which a reader can count, rather than 1/2. */
export interface Fraction {
  readonly numerator: bigint;
  /** Always above zero. */
  readonly denominator: bigint;
}

export const NONE: Fraction = { numerator: 0n, denominator: 1n };
export const WHOLE: Fraction = { numerator: 1n, denominator: 1n };

/**
 * A ratio of two whole numbers.
 * @throws RangeError unless the denominator is above zero.
 */
export function fraction(numerator: bigint, denominator: bigint): Fraction {
  if (denominator <= 0n) throw new RangeError('A denominator must be above zero.');
  return { numerator, denominator };
}

/** The sum, over the common denominator where both have the same one. */
export function addFractions(a: Fraction, b: Fraction): Fraction {
  if (a.denominator === b.denominator) return fraction(a.numerator + b.numerator, a.denominator);
  return fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

/** Below zero, zero or above zero, as `a` is less than, equal to or more than `b`. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The whole and no less. */
export function isWhole(factor: Fraction): boolean {
  return factor.numerator === factor.denominator;
}

/** A share of an amount, unrounded: multiplied first, divided last. */
export function prorate(amount: Decimal, factor: Fraction): Decimal {
  if (isWhole(factor)) return amount;
  return amount.times(factor.numerator.toString()).dividedBy(factor.denominator.toString());
}
