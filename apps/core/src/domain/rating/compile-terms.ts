import type { ChargeTerms } from './charge-terms.js';
import { compileTiers, type ScaledRater } from './compile-tiers.js';
import { rateCharge } from './rate-charge.js';
import type { RatedCharge, RatedUsage } from './rated-charge.js';
import { MAX_DECIMALS } from './term-limits.js';
import { tierTableOf } from './tier-table.js';

/** Decimals of quantities that are tried in turn: short numbers are faster, and most quantities are whole. */
const QUANTITY_SCALES: readonly number[] = [0, MAX_DECIMALS / 2, MAX_DECIMALS];

/** Rates a usage under the terms it was compiled from. */
export type CompiledTerms = (usage: RatedUsage) => RatedCharge;

/**
 * Prepares terms that many usages are rated by. The results are those of `rateCharge`, to the last digit; prices by
 * unit and by tier are counted in bigints of the scale that the quantity fits.
 */
export function compileTerms(terms: ChargeTerms): CompiledTerms {
  const raters = scaledRaters(terms);
  return (usage) => {
    if (usage.changes === undefined && usage.proratedQuantity === undefined) {
      for (const rater of raters) {
        const charge = rater(usage.quantity);
        if (charge !== null) return charge;
      }
    }
    return rateCharge(terms, usage);
  };
}

function scaledRaters(terms: ChargeTerms): ScaledRater[] {
  switch (terms.model) {
    case 'per_unit':
    case 'graduated':
    case 'volume':
    case 'graduated_percentage': {
      const table = tierTableOf(terms);
      return QUANTITY_SCALES.map((scale) => compileTiers(table, scale)).filter((rater) => rater !== null);
    }
    default:
      return [];
  }
}
