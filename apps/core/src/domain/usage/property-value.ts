import { Decimal } from '../money/decimal.js';
import type { PropertyValue } from './meter-terms.js';

/** A quantity of an event stays below this. */
export const QUANTITY_LIMIT = 1e15;

const QUANTITY_TEXT = /^[+-]?\d{1,15}(\.\d{1,12})?$/;

/** The text of a property, as PostgreSQL's `->>` has it: numbers are plain decimals, without an exponent. */
export function propertyText(value: PropertyValue): string {
  return typeof value === 'number' ? new Decimal(value).toFixed() : String(value);
}

/**
 * The number of a property: a JSON number or a text such as "12.5", of at most 15 digits before the point and 12 behind it.
 * Null for everything else.
 */
export function readQuantity(value: PropertyValue | undefined): Decimal | null {
  if (value === undefined) return null;
  const text = propertyText(value);
  return QUANTITY_TEXT.test(text) ? new Decimal(text) : null;
}

/** Why a property is no quantity; null when it is one. Cheap for the numbers that nearly all events carry. */
export function quantityProblem(
  value: PropertyValue | undefined,
): 'not_a_number' | 'quantity_too_large' | 'too_many_decimals' | null {
  if (typeof value === 'number') {
    if (Math.abs(value) >= QUANTITY_LIMIT) return 'quantity_too_large';
    if (Number.isInteger(value)) return null;
    return QUANTITY_TEXT.test(propertyText(value)) ? null : 'too_many_decimals';
  }
  if (typeof value !== 'string') return 'not_a_number';
  if (QUANTITY_TEXT.test(value)) return null;
  if (/^[+-]?\d{16,}(\.\d+)?$/.test(value)) return 'quantity_too_large';
  return /^[+-]?\d{1,15}\.\d{13,}$/.test(value) ? 'too_many_decimals' : 'not_a_number';
}
