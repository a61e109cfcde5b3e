import type { Decimal } from '../money/decimal.js';

/** What a discount is limited to: a line of one of the plans or one of the prices. */
export interface DiscountLimit {
  readonly planIds: readonly string[];
  readonly priceIds: readonly string[];
}

interface AttachedDiscount {
  readonly id: string;
  /** Null for everything. */
  readonly appliesTo: DiscountLimit | null;
  readonly attachedAt: Date;
}

/** Takes a percentage, above 0 and at most 100, of what earlier discounts have left. */
export interface PercentageDiscount extends AttachedDiscount {
  readonly kind: 'percentage';
  readonly percent: Decimal;
}

/** Takes up to an amount of minor units, in the currency of the invoice. */
export interface FixedDiscount extends AttachedDiscount {
  readonly kind: 'fixed';
  readonly amountLeft: bigint;
}

export type Discount = PercentageDiscount | FixedDiscount;

/** What a discount took off an invoice. */
export interface DiscountUse {
  readonly id: string;
  readonly amount: bigint;
}

/** A line as discounts see it. */
export interface DiscountableLine {
  readonly amount: bigint;
  readonly planId: string | null;
  readonly priceId: string | null;
  /**
   * Whether discounts are taken of it. Without a word, of a charge they are and of a credit they are not: what a credit
   * gives back was discounted when it was billed. A negative line that corrects charges of the same invoice, such as a
   * maximum, is `included` and makes less of what percentages are taken of.
   */
  readonly discounting?: 'included' | 'excluded';
}
