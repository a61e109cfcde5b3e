import type { CompiledTax } from './compiled-tax.js';
import type { LineTax, TaxBehavior, TaxShare } from './tax-types.js';

export interface TaxableLine {
  /** After discounts; with tax where `behavior` is inclusive. */
  readonly amount: bigint;
  readonly behavior: TaxBehavior;
  readonly tax: LineTax;
}

/** `net + tax = gross`; `tax` is the sum of `taxes`. */
export interface TaxedLine {
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly taxes: readonly TaxShare[];
}

/** A line with what is taken of it. */
export interface PreparedLine {
  readonly index: number;
  readonly amount: bigint;
  readonly tax: CompiledTax;
}
