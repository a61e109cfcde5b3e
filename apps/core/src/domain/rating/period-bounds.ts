import { Decimal } from '../money/decimal.js';
import { type Fraction, prorate } from '../proration/fraction.js';
import { roundLine } from './rated-charge.js';

export interface PeriodBoundsInput {
  /** Minor units for a full period. Only the last invoice of a period has one: earlier ones pass null. */
  readonly minimum: bigint | null;
  /** Minor units that the period never costs more than, however short it is. */
  readonly maximum: bigint | null;
  /** What the charge costs now, before bounds: beyond what was billed. */
  readonly amount: bigint;
  /** The part of the full period, which the minimum is due for. */
  readonly factor: Fraction;
  /** What earlier invoices billed of this charge in this period, after bounds. */
  readonly alreadyBilled: bigint;
}

export interface BoundedAmount {
  /** What the maximum takes off `amount`: shown as a discount of the line. Not negative. */
  readonly discount: bigint;
  /** `amount` less the discount. */
  readonly due: bigint;
  /** A line of its own: what is missing to the minimum. Not negative. */
  readonly trueUp: bigint;
}

/** Holds what a charge costs in a period between its minimum and maximum, over all invoices of the period. */
export function applyPeriodBounds(input: PeriodBoundsInput): BoundedAmount {
  const { minimum, maximum, amount, factor, alreadyBilled } = input;
  const { discount, due } = capAmount(amount, maximum === null ? null : maximum - alreadyBilled);
  const trueUp =
    minimum === null ? 0n : shortfall({ promised: minimum, factor, reached: alreadyBilled + due });
  return { discount, due, trueUp };
}

export interface CappedAmount {
  readonly discount: bigint;
  readonly due: bigint;
}

/** Takes off what exceeds the room left. What lowers a bill, such as a correction, passes whole. */
function capAmount(amount: bigint, room: bigint | null): CappedAmount {
  if (room === null || amount <= room || amount <= 0n) return { discount: 0n, due: amount };
  const due = room < 0n ? 0n : room;
  return { discount: amount - due, due };
}

/** Caps lines one after the other: the first use up the room, and later ones are discounted as a whole. */
export function capLines(amounts: readonly bigint[], room: bigint): CappedAmount[] {
  let left = room;
  return amounts.map((amount) => {
    const capped = capAmount(amount, left);
    left -= capped.due;
    return capped;
  });
}

/** What is missing to the prorated part of a promise: rounded once, after the subtraction, and never negative. */
export function shortfall(of: { promised: bigint; factor: Fraction; reached: bigint }): bigint {
  const promised = prorate(new Decimal(of.promised.toString()), of.factor);
  const missing = roundLine(promised.minus(of.reached.toString()));
  return missing > 0n ? missing : 0n;
}
