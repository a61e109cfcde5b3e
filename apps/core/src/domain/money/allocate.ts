import { largestFirst } from './largest-first.js';

/**
 * Splits a whole into parts in proportion to their weights, so that the parts add up to the whole exactly.
 * Largest remainder: everyone gets their share rounded towards zero, and the units left over go to those who lost
 * most by it, the earlier one first among equals.
 */
export function allocate(whole: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('A weight must not be negative.');
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  if (sum === 0n) {
    if (whole !== 0n) throw new RangeError('There is nothing to split the amount over.');
    return weights.map(() => 0n);
  }
  const sign = whole < 0n ? -1n : 1n;
  const size = whole * sign;
  const shares = weights.map((weight) => (size * weight) / sum);
  const left = size - shares.reduce((total, share) => total + share, 0n);
  const remainders = weights.map((weight) => (size * weight) % sum);
  for (const index of largestFirst(remainders).slice(0, Number(left))) {
    shares[index] = (shares[index] ?? 0n) + 1n;
  }
  return shares.map((share) => share * sign);
}
