import { largestFirst } from './largest-first.js';

/**
 * Rounds the exact shares `numerators[i] / denominator` to whole units that add up to `whole`, which is the rounded sum
 * of the shares or close to it. Largest remainder, the earlier one first among equals. Unlike `allocate` it takes
 * shares of either sign: tax on charges and on credits of one invoice. Each part is within a unit of its share as long
 * as `whole` is the rounded sum.
 */
export function apportion(whole: bigint, numerators: readonly bigint[], denominator: bigint): bigint[] {
  if (numerators.length === 1) return [whole];
  if (whole < 0n) {
    const negated = numerators.map((numerator) => -numerator);
    return apportion(-whole, negated, denominator).map((part) => -part);
  }
  const parts = numerators.map((numerator) => divideDown(numerator, denominator));
  let left = whole;
  for (const part of parts) left -= part;
  if (left === 0n) return parts;
  if (left < 0n || left > BigInt(parts.length)) throw new RangeError(`The shares do not add up to ${whole}.`);
  const remainders = numerators.map((numerator, index) => numerator - (parts[index] ?? 0n) * denominator);
  for (const index of largestFirst(remainders).slice(0, Number(left))) {
    parts[index] = (parts[index] ?? 0n) + 1n;
  }
  return parts;
}

/** Divides by a number above zero, rounded towards minus infinity. */
export function divideDown(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
