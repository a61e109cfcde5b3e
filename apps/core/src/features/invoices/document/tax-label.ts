import { formatQuantity } from '../../../domain/money/money.js';
import { toDecimal } from '../../../domain/money/decimal.js';
import type { DocumentTax } from './invoice-document.js';

/** A tax as documents and pages name it: `VAT 7.5%`. */
export function taxLabel({ name, rate }: DocumentTax): string {
  return `${name} ${formatQuantity(toDecimal(rate))}%`;
}
