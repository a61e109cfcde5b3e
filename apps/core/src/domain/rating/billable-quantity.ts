import { Decimal } from '../money/decimal.js';
import type { ChargeModel, CommonTerms, UnitConversion } from './charge-terms.js';
import type { RatingStep } from './rated-charge.js';

export const ZERO = new Decimal(0);

const ROUNDING = {
  up: Decimal.ROUND_CEIL,
  down: Decimal.ROUND_FLOOR,
  half_up: Decimal.ROUND_HALF_UP,
} as const;

/** Converts without rounding: for parts of a quantity, of which each would be rounded anew. */
export function scaleQuantity(measured: Decimal, conversion: UnitConversion | null): Decimal {
  if (conversion === null) return measured;
  const { operator, factor } = conversion;
  return operator === 'multiply' ? measured.times(factor) : measured.div(factor);
}

/** Converts what was measured into the units of the price, then rounds: 1,400 seconds are 1.4, so 2, thousands. */
export function convertQuantity(measured: Decimal, conversion: UnitConversion | null): Decimal {
  const exact = scaleQuantity(measured, conversion);
  if (conversion === null || conversion.rounding === 'none') return exact;
  const { rounding, precision } = conversion;
  return exact.toNearest(new Decimal(10).pow(-precision), ROUNDING[rounding]);
}

/** What the quantity of a model counts. */
export function countedIn(model: ChargeModel): 'units' | 'amount' {
  return model === 'percentage' || model === 'graduated_percentage' ? 'amount' : 'units';
}

export interface BillableQuantity {
  readonly billed: Decimal;
  readonly steps: readonly RatingStep[];
}

/** What of a measured quantity is billed: converted, rounded, the free units off, never less than nothing. */
export function billableQuantity(
  measured: Decimal,
  { model, conversion, freeUnits }: CommonTerms & { readonly model: ChargeModel },
): BillableQuantity {
  const used = Decimal.max(measured, ZERO);
  const converted = convertQuantity(used, conversion);
  const free = Decimal.min(converted, freeUnits);
  const steps: RatingStep[] = [];
  if (conversion !== null && used.gt(0)) {
    steps.push({ kind: 'conversion', measured: used.toFixed(), converted: converted.toFixed() });
  }
  if (free.gt(0)) steps.push({ kind: 'free', of: countedIn(model), quantity: free.toFixed() });
  return { billed: converted.minus(free), steps };
}
