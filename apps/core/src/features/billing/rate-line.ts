import { type Decimal, type RoundingMode } from '../../domain/money/decimal.js';
import type { ChargeTerms } from '../../domain/rating/charge-terms.js';
import { rateCharge } from '../../domain/rating/rate-charge.js';
import { AmountTooLargeError, type RatedCharge, type RatedUsage } from '../../domain/rating/rated-charge.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';

/** Every line of an invoice is rounded once, and so. */
export const LINE_ROUNDING: RoundingMode = 'half_away_from_zero';

/** What of a charge follows from its terms and its quantity. */
export interface RatedLine {
  /** Minor units for one; of tiers and the like the average. */
  readonly unitAmount: Decimal;
  readonly rated: RatedCharge;
}

/**
 * Rates a quantity. Of terms that look at single events, a quantity that somebody names is one event.
 * @throws amountTooLarge
 */
export function rateLine(terms: ChargeTerms, usage: RatedUsage): RatedLine {
  try {
    const rated = rateCharge(terms, { events: [usage.quantity], ...usage });
    return { unitAmount: unitAmountOf(terms, rated, usage.quantity), rated };
  } catch (error) {
    if (error instanceof AmountTooLargeError) throw amountTooLarge(error.message);
    throw error;
  }
}

/** What a document prints as the price of one. */
export function unitAmountOf(terms: ChargeTerms, rated: RatedCharge, quantity: Decimal): Decimal {
  if (terms.model === 'per_unit') return terms.unitAmount;
  if (terms.model === 'flat') return terms.amount;
  return quantity.gt(0) ? rated.unrounded.dividedBy(quantity).toDecimalPlaces(12) : rated.unrounded;
}
