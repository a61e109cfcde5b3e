/**
 * What became of a charge. `unknown` is not failed: the charge may have been made, and only asking later tells. A
 * transport failure, a time-out, a 429 or a 5xx is always `unknown`.
 */
export type ChargeOutcome =
  /** With what was really taken, as the provider has it: the caller compares. */
  | {
      readonly kind: 'succeeded';
      readonly providerPaymentId: string;
      readonly amount: bigint;
      readonly currency: string;
      /** What the payer has in hand, where that is another thing than the id. */
      readonly receipt?: string;
      readonly payer?: string;
      /** What may be charged again without the customer, when the payer has agreed to that. */
      readonly saved?: SavedMethod;
    }
  | {
      readonly kind: 'pending';
      readonly providerPaymentId: string | null;
      readonly checkAfterMs?: number;
    }
  /** The customer has to do something at `url`, and nothing is taken before. */
  | {
      readonly kind: 'requires_action';
      readonly url: string;
      readonly providerPaymentId: string | null;
      readonly checkAfterMs?: number;
    }
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

/** What became of a refund. As with charges, `unknown` is not failed. */
export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly providerRefundId: string }
  | {
      readonly kind: 'pending';
      readonly providerRefundId: string | null;
      readonly checkAfterMs?: number;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

export type RefundState = RefundOutcome | { readonly kind: 'not_found' };

/** A payment method that a provider lets be charged again. */
export interface SavedMethod {
  readonly token: string;
  readonly kind: string;
  /** What callers see of it, for example `Visa ending in 4081`. */
  readonly label: string;
  /** The same for every token of one card, where the provider tells. */
  readonly fingerprint: string | null;
  /** The address that the provider wants with every further charge. */
  readonly email: string | null;
  readonly providerCustomerId: string | null;
}

export function unknown(message: string): { kind: 'unknown'; message: string } {
  return { kind: 'unknown', message };
}

export function rejected(code: string, message: string): { kind: 'rejected'; code: string; message: string } {
  return { kind: 'rejected', code, message };
}
