import { Decimal } from '../money/decimal.js';
import { billableQuantity, convertQuantity, ZERO } from './billable-quantity.js';
import type { ChargeModel, ChargeTerms, DynamicTerms, FlatTerms } from './charge-terms.js';
import { pricedStep, toCharge } from './charge-steps.js';
import { ratePackages, rateTieredBlocks } from './rate-blocks.js';
import { rateCapacity } from './rate-capacity.js';
import { percentageNeedsEvents, ratePercentage } from './rate-percentage.js';
import { rateProrated } from './rate-prorated.js';
import type { RatedCharge, RatedUsage } from './rated-charge.js';
import { priceByTiers, tierTableOf, type TierTableTerms } from './tier-table.js';

/** The models whose units can be weighed by the part of the period they were held for. */
export const PRORATED_USAGE_MODELS: readonly ChargeModel[] = ['per_unit', 'graduated', 'volume'];

/** Whether terms are rated by single events in event-time order, so that totals are not enough. */
export function needsEvents(terms: ChargeTerms): boolean {
  return terms.model === 'percentage' && percentageNeedsEvents(terms);
}

/**
 * What a usage costs under terms, exact, with one rounding at the end, halves away from zero.
 * Throws `RangeError` when the terms need what the usage lacks, `AmountTooLargeError` beyond what a line can have.
 * `compileTerms` gives the same results faster.
 */
export function rateCharge(terms: ChargeTerms, usage: RatedUsage): RatedCharge {
  const prorated = usage.proratedQuantity !== undefined || usage.changes !== undefined;
  if (prorated && !PRORATED_USAGE_MODELS.includes(terms.model)) {
    throw new RangeError(`A ${terms.model} price cannot be prorated by units.`);
  }
  switch (terms.model) {
    case 'flat':
      return rateFlat(terms);
    case 'per_unit':
    case 'graduated':
    case 'volume':
      return prorated ? rateProrated(tierTableOf(terms), usage) : rateByTiers(terms, usage);
    case 'graduated_percentage':
      return rateByTiers(terms, usage);
    case 'package':
      return ratePackages(terms, usage);
    case 'tiered_blocks':
      return rateTieredBlocks(terms, usage);
    case 'percentage':
      return ratePercentage(terms, usage);
    case 'dynamic':
      return rateDynamic(terms, usage);
    case 'capacity':
      return rateCapacity(terms, usage);
  }
}

function rateFlat({ amount }: FlatTerms): RatedCharge {
  const quantity = new Decimal(1);
  const steps = [pricedStep({ kind: 'flat', quantity, unitAmount: amount, amount })];
  return toCharge({ quantityBilled: quantity, amounts: [amount], steps });
}

function rateByTiers(terms: TierTableTerms, usage: RatedUsage): RatedCharge {
  const table = tierTableOf(terms);
  const { billed, steps } = billableQuantity(usage.quantity, terms);
  const parts = priceByTiers(table, billed);
  return toCharge({
    quantityBilled: billed,
    amounts: parts.map(({ amount }) => amount),
    steps: [...steps, ...parts.map(({ step }) => step)],
  });
}

function rateDynamic(terms: DynamicTerms, usage: RatedUsage): RatedCharge {
  const events = usage.events ?? [usage.quantity];
  const total = events.reduce((sum, event) => sum.plus(convertQuantity(event, terms.conversion)), ZERO);
  if (total.lte(0)) return toCharge({ quantityBilled: ZERO, amounts: [], steps: [] });
  const amount = total.times(terms.multiplier);
  const step = pricedStep({ kind: 'dynamic', quantity: total, unitAmount: terms.multiplier, amount });
  return toCharge({ quantityBilled: total, amounts: [amount], steps: [step] });
}
