import type { AssembledInvoice } from '../../domain/invoices/invoice-types.js';
import type { Metadata } from '../../platform/wire/metadata.js';
import type { Charge } from './charge.js';

export const BILLING_REASONS = [
  'manual',
  'subscription_create',
  'subscription_cycle',
  'subscription_change',
  'subscription_end',
  'usage_threshold',
  'wallet_top_up',
] as const;
export type BillingReason = (typeof BILLING_REASONS)[number];

export type CollectionMethod = 'charge_automatically' | 'send_invoice';

/** `recurring` moves a subscription to its next period; `usage` bills what a period has used when it is over. */
export type ClaimKind = 'recurring' | 'usage' | 'change' | 'threshold' | 'final';

/** A stretch of a subscription's time that an invoice bills. It is written with the invoice, and once. */
export interface PeriodClaim {
  readonly subscriptionId: string;
  readonly kind: ClaimKind;
  readonly periodStart: Date;
  readonly periodEnd: Date;
}

/** When a draft becomes an invoice: in the same transaction, when somebody says so, or when its grace is over. */
export type Finalization = 'now' | 'by_hand' | { readonly at: Date };

/** An invoice that is to be: whom it is for and what it charges. Discounts, taxes and settlement follow from these. */
export interface InvoicePlan {
  readonly customerId: string;
  /** Null where it is of no subscription, or of several. */
  readonly subscriptionId: string | null;
  readonly externalId: string | null;
  readonly currency: string;
  readonly billingReason: BillingReason;
  readonly collectionMethod: CollectionMethod;
  readonly netTermsDays: number;
  readonly memo: string | null;
  readonly purchaseOrder: string | null;
  readonly metadata: Metadata;
  readonly charges: readonly Charge[];
  readonly claims: readonly PeriodClaim[];
  readonly finalize: Finalization;
  /** What a pause of the subscription says should become of it; null when it is to be paid. */
  readonly onFinalize: 'keep' | 'void' | null;
  /** Whether an invoice that is written by hand takes the customer's discounts; only its writer can know. */
  readonly discountsFrom?: 'customer' | null;
}

/** A discount that an invoice takes, and how it is called there. */
export interface NamedDiscountUse {
  readonly discountId: string;
  readonly name: string;
  readonly amount: bigint;
}

/** A plan with its money: what the invoice of it shows, or would show. */
export interface AssembledPlan {
  readonly plan: InvoicePlan;
  readonly money: AssembledInvoice;
  /** Those that took something, in the order in which they were taken. */
  readonly discounts: readonly NamedDiscountUse[];
}
