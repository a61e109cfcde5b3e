import type { Decimal } from './decimal.js';

/** A ratio of whole numbers, the denominator above zero: 7.5 % is 75 / 1000. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const ratios = new WeakMap<Decimal, Ratio>();

/** A percentage as a ratio. Remembered for each Decimal, because a billing run asks for the same few all the time. */
export function percentRatio(percent: Decimal): Ratio {
  const known = ratios.get(percent);
  if (known) return known;
  if (!percent.isFinite()) throw new RangeError('A percentage must be finite.');
  const decimals = percent.decimalPlaces();
  const ratio = {
    numerator: BigInt(percent.toFixed(decimals).replace('.', '')),
    denominator: 10n ** BigInt(decimals + 2),
  };
  ratios.set(percent, ratio);
  return ratio;
}

/** A ratio of an amount, rounded to whole minor units, halves away from zero. */
export function takeRatio(amount: bigint, { numerator, denominator }: Ratio): bigint {
  return divideHalfAwayFromZero(amount * numerator, denominator);
}

/** Divides by a number above zero and rounds to a whole one, halves away from zero. */
export function divideHalfAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  const doubled = 2n * dividend;
  return (doubled < 0n ? doubled - divisor : doubled + divisor) / (2n * divisor);
}
