import type { CurrencyCode } from '../../../domain/money/currencies.js';
import type { Mode, TenantContext } from '../../../tenancy/tenant-context.js';

/** What a provider can be asked to do: nothing else reaches its adapter. */
export interface ProviderCapabilities {
  readonly modes: readonly Mode[];
  /** What it takes money in; null when that is every currency. */
  readonly currencies: readonly CurrencyCode[] | null;
  /**
   * Whether a second charge with a reference answers what became of the first and charges nothing. An attempt of
   * unknown outcome at a provider that cannot do this is only asked after, and never made again.
   */
  readonly repeatsSafely: boolean;
}

/** A charge of a saved payment method. `reference` is ours, and the only name of the charge that survives a crash. */
export interface SavedCharge {
  readonly reference: string;
  /** Minor units of `currency`, more than nothing. */
  readonly amount: bigint;
  readonly currency: string;
  /** The provider's own token for the payment method. */
  readonly token: string;
  /** What the customer may read on a statement. */
  readonly description: string;
}

/**
 * What became of a charge. `unknown` is not failed: the charge may have been made, and only asking later tells. A
 * transport failure, a time-out or a 5xx is always `unknown`.
 */
export type ChargeOutcome =
  /** With what was really taken, as the provider has it: the caller compares. */
  | {
      readonly kind: 'succeeded';
      readonly providerPaymentId: string;
      readonly amount: bigint;
      readonly currency: string;
    }
  | { readonly kind: 'pending'; readonly providerPaymentId: string; readonly checkAfterMs?: number }
  /** The payer's side said no. `retryable` tells whether the same card may say yes another day. */
  | {
      readonly kind: 'declined';
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    }
  /** The provider refused to try: our request or our account is at fault. */
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** What a provider says of a reference later on. */
export type VerifyOutcome = ChargeOutcome | { readonly kind: 'not_found' };

/** Money that goes back. `reference` is ours: a second call with it answers with the refund of the first. */
export interface RefundOrder {
  readonly reference: string;
  /** Minor units of `currency`, more than nothing. */
  readonly amount: bigint;
  readonly currency: string;
  /** The payment that it gives back, by our reference and by the provider's. */
  readonly paymentReference: string;
  readonly providerPaymentId: string | null;
}

/** What became of a refund. As with charges, `unknown` is not failed. */
export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly providerRefundId: string }
  | { readonly kind: 'pending'; readonly providerRefundId: string; readonly checkAfterMs?: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** One company that moves money, as the platform uses it. An adapter keeps no state of its own. */
export interface PaymentProvider {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** Charges a saved payment method, the customer not being there. */
  chargeSaved(ctx: TenantContext, charge: SavedCharge): Promise<ChargeOutcome>;
  /** Asks what became of the charge with our reference. */
  verify(ctx: TenantContext, reference: string): Promise<VerifyOutcome>;
  /** Gives back a part of a payment, or all of it. */
  refund(ctx: TenantContext, order: RefundOrder): Promise<RefundOutcome>;
  /** Asks what became of the refund with our reference. */
  verifyRefund(
    ctx: TenantContext,
    reference: string,
  ): Promise<RefundOutcome | { readonly kind: 'not_found' }>;
}
