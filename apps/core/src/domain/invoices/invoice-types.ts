import type { DiscountableLine, DiscountUse } from '../coupons/discount-types.js';
import type { TaxBehavior, TaxRow, TaxShare } from '../tax/tax-types.js';

/** A line before discounts and tax. `amount` is whole minor units, rounded once; below zero it is a credit. */
export interface InvoiceLineInput extends DiscountableLine {
  readonly taxCategory: string;
  readonly taxBehavior: TaxBehavior;
}

/**
 * A line with everything: `gross = net + tax` always; `net = amount - discount` where the price excludes tax,
 * `gross = amount - discount` where it includes it.
 */
export interface AssembledLine {
  readonly discount: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly taxes: readonly TaxShare[];
}

/** The money of an invoice, or of its credit note. */
export interface AssembledInvoice {
  /** In the order of the input. */
  readonly lines: readonly AssembledLine[];
  /** In the order in which they were applied; those that took nothing are there with zero. */
  readonly discounts: readonly DiscountUse[];
  readonly taxes: readonly TaxRow[];
  /** Sum of the lines' amounts, before discounts; contains tax where prices do. */
  readonly subtotal: bigint;
  readonly discountTotal: bigint;
  /** Sum of the lines' net amounts: after discounts and without tax. */
  readonly netTotal: bigint;
  readonly taxTotal: bigint;
  /** netTotal + taxTotal. Below zero where credits outweigh charges. */
  readonly total: bigint;
}
