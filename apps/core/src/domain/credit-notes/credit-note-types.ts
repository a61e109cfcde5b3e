import type { TaxBehavior, TaxShare } from '../tax/tax-types.js';

/** A line of an issued invoice, as it was assembled. */
export interface CreditableLine {
  readonly amount: bigint;
  readonly discount: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly taxes: readonly TaxShare[];
  readonly taxBehavior: TaxBehavior;
}

/** A part of an invoice line: what a note credits, or what all notes before it did. `gross = net + tax`. */
export interface CreditShares {
  /** Before the discount, in the line's own terms: with tax where its price includes tax. */
  readonly amount: bigint;
  readonly discount: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  readonly gross: bigint;
  readonly taxes: readonly TaxShare[];
}

/** What was given back of a line before. */
export type AlreadyCredited = Pick<CreditShares, 'amount' | 'discount' | 'tax' | 'taxes'>;

/** Where the money of an invoice stands. Everything in minor units and never below zero. */
export interface Settlement {
  readonly total: bigint;
  /** Money received. */
  readonly paid: bigint;
  /** Settled from the customer's balance and wallets. */
  readonly applied: bigint;
  /** Totals of the credit notes that stand. */
  readonly credited: bigint;
  /** Paid back to the customer, with a credit note or without. */
  readonly refunded: bigint;
  /** Put on the customer's balance by credit notes. */
  readonly toBalance: bigint;
}

/** What becomes of a credit note's total: they add up to it. */
export interface CreditNoteSplit {
  /** Taken off what is due. */
  readonly toInvoice: bigint;
  readonly toRefund: bigint;
  readonly toBalance: bigint;
}
