import { Decimal } from '../money/decimal.js';
import { convertQuantity, ZERO } from './billable-quantity.js';
import type { CapacityTerms } from './charge-terms.js';
import { pricedStep, toCharge } from './charge-steps.js';
import type { RatedCharge, RatedUsage } from './rated-charge.js';

/** The amount of the lowest tier whose limits all hold; one breach moves the whole charge up. No use, no charge. */
export function rateCapacity(terms: CapacityTerms, usage: RatedUsage): RatedCharge {
  const peaks = peaksOf(terms, usage);
  if (peaks.every(([, peak]) => peak.lte(0)))
    return toCharge({ quantityBilled: ZERO, amounts: [], steps: [] });
  const index = terms.tiers.findIndex(({ limits }) =>
    peaks.every(([unit, peak]) => !Object.hasOwn(limits, unit) || peak.lte(limits[unit] ?? peak)),
  );
  const tier = terms.tiers[index];
  if (tier === undefined) throw new RangeError('The last tier of a capacity price must fit every peak.');
  const quantity = new Decimal(1);
  const { amount } = tier;
  const step = pricedStep({ kind: 'capacity', tier: index + 1, quantity, unitAmount: amount, amount });
  return toCharge({ quantityBilled: quantity, amounts: [amount], steps: [step] });
}

function peaksOf(terms: CapacityTerms, usage: RatedUsage): [string, Decimal][] {
  if (usage.peaks !== undefined) {
    return Object.entries(usage.peaks).map(([unit, peak]) => [unit, convertQuantity(peak, terms.conversion)]);
  }
  const units = new Set(terms.tiers.flatMap(({ limits }) => Object.keys(limits)));
  if (units.size > 1) throw new RangeError('A capacity of several units is rated by the peak of each.');
  return [...units].map((unit) => [unit, convertQuantity(usage.quantity, terms.conversion)]);
}
