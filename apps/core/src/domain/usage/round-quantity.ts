import { Decimal } from '../money/decimal.js';
import type { QuantityRounding } from './meter-terms.js';

const MODES = {
  half_up: Decimal.ROUND_HALF_UP,
  up: Decimal.ROUND_CEIL,
  down: Decimal.ROUND_FLOOR,
} as const;

/** A quantity by the rounding of its meter: two decimals, or hundreds where the precision is -2. */
export function roundQuantity(quantity: Decimal, rounding: QuantityRounding | null): Decimal {
  if (!rounding) return quantity;
  return quantity.toNearest(new Decimal(10).pow(-rounding.precision), MODES[rounding.mode]);
}
