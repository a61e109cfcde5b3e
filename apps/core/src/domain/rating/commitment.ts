import { Decimal } from '../money/decimal.js';
import { type Fraction, prorate } from '../proration/fraction.js';
import { shortfall } from './period-bounds.js';
import { roundLine } from './rated-charge.js';

export interface CommitmentInput {
  /** Minor units that are paid for a full period whatever is used. */
  readonly commitment: bigint;
  /** The part of the full period that is billed. */
  readonly factor: Fraction;
  /** Fees that count: base fee and usage of the period in minor units, before coupons and tax. */
  readonly spent: bigint;
}

export interface CommitmentTrueUp {
  /** The commitment for the part of the period. */
  readonly committed: bigint;
  /** What is missing to it. Not negative. */
  readonly trueUp: bigint;
}

/** What is still due for a commitment. Coupons do not count: they must not lead to a higher true-up. */
export function commitmentTrueUp({ commitment, factor, spent }: CommitmentInput): CommitmentTrueUp {
  const committed = roundLine(prorate(new Decimal(commitment.toString()), factor));
  return { committed, trueUp: shortfall({ promised: commitment, factor, reached: spent }) };
}

export interface CommitmentOverage extends CommitmentTrueUp {
  /** What of `spent` the commitment covers. */
  readonly within: bigint;
  /** What of `spent` lies beyond it, at list price. */
  readonly beyond: bigint;
  /** What the beyond costs more, or less when negative, than at list price: a line of its own. */
  readonly surcharge: bigint;
}

/** A commitment that is used first; what is used beyond it costs `overageFactor` times its list price. */
export function commitmentOverage(input: CommitmentInput & { overageFactor: Decimal }): CommitmentOverage {
  const { committed, trueUp } = commitmentTrueUp(input);
  const within = input.spent < committed ? input.spent : committed;
  const beyond = input.spent - within;
  const surcharge = roundLine(new Decimal(beyond.toString()).times(input.overageFactor.minus(1)));
  return { committed, trueUp, within, beyond, surcharge };
}
