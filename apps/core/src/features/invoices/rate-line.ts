import type { Period } from '../../domain/calendar/periods.js';
import type { Decimal, RoundingMode } from '../../domain/money/decimal.js';
import { ratePrice, type PriceModel } from '../../domain/rating/rate-price.js';

/** What an invoice line is for, before it has an amount. */
export interface UnratedLine {
  readonly description: string;
  readonly priceId: string | null;
  readonly model: PriceModel;
  /** Minor units, may be finer than one. */
  readonly unitAmount: Decimal;
  readonly quantity: Decimal;
  /** The time the line pays for; null when it is for a thing done once. */
  readonly period: Period | null;
}

/** How the amount of a line came about. Kept with the line, so that it can be explained years later. */
export type LineExplanation = {
  readonly model: PriceModel;
  readonly unrounded: string;
  readonly rounding: RoundingMode;
};

export interface RatedLine extends UnratedLine {
  readonly amount: bigint;
  readonly explanation: LineExplanation;
}

/** Gives a line its amount: exact, rounded once. */
export function rateLine(line: UnratedLine): RatedLine {
  const { amount, unrounded, rounding } = ratePrice(line);
  return { ...line, amount, explanation: { model: line.model, unrounded, rounding } };
}
