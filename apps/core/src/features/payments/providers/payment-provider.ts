import type { AmountRule } from '../../../domain/payments/provider-amounts.js';
import type { Mode, TenantContext } from '../../../tenancy/tenant-context.js';
import type { ChargeOutcome, RefundOutcome, RefundState, VerifyOutcome } from './outcomes.js';
import type { EventKind } from './webhook-events.js';

/** What a provider can be asked to do: nothing else reaches its adapter. */
export interface ProviderCapabilities {
  readonly modes: readonly Mode[];
  /** How it takes amounts of each currency; null when it takes every currency as it is. */
  readonly currencies: ReadonlyMap<string, AmountRule> | null;
  /**
   * Whether a second charge with a reference answers what became of the first and charges nothing. An attempt of
   * unknown outcome at a provider that cannot do this is only asked after, and never made again.
   */
  readonly repeatsSafely: boolean;
  readonly partialRefunds: boolean;
  /** Whether a saved method is charged without its owner: `approval` when the provider has to allow the account that first. */
  readonly unattendedCharges: 'yes' | 'approval' | 'no';
  /** Whether it has pages of its own on which customers see to their payment methods. */
  readonly portal: boolean;
  /** What tells its webhooks from forged ones. By a shared secret or none, nothing of the body is proved. */
  readonly webhookProof: 'signature' | 'shared_secret' | 'none';
  /** What it sends webhooks about; the rest has to be asked after. */
  readonly events: readonly EventKind[];
}

/** What every way of taking money needs. `reference` is ours, and the only name of the charge that survives a crash. */
interface NewCharge {
  readonly reference: string;
  /** Minor units of `currency`, more than nothing. */
  readonly amount: bigint;
  readonly currency: string;
  /** What the customer may read on a statement. */
  readonly description: string;
  readonly email: string | null;
  /** Where the customer comes back to after a page of the provider's. */
  readonly returnUrl: string;
}

/** A charge of a saved payment method. */
export interface SavedCharge extends NewCharge {
  /** The provider's own token for the payment method. */
  readonly token: string;
  /** The provider's own id of the customer, where it has one. */
  readonly providerCustomerId: string | null;
}

/** A charge that the customer makes: on a page of the provider's, or on a phone. */
export interface Checkout extends NewCharge {
  readonly customerName: string | null;
  /** In international form without a plus, for mobile money. */
  readonly phone: string | null;
  readonly providerCustomerId: string | null;
  /** Whether the payer has agreed that what it is made with is kept and charged again. */
  readonly savesMethod: boolean;
}

/** A charge that was asked for before. */
export interface ChargeQuery {
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly providerPaymentId: string | null;
  readonly providerCustomerId: string | null;
  /** When it was first asked for. */
  readonly createdAt: Date;
}

/** Money that goes back. `reference` is ours. */
export interface RefundOrder {
  readonly reference: string;
  /** Minor units of `currency`, more than nothing. */
  readonly amount: bigint;
  readonly currency: string;
  /** The provider's id of the refund, once it is known. */
  readonly providerRefundId: string | null;
  /** Whether the provider may have been asked for it before. */
  readonly state: 'new' | 'perhaps_sent';
  /** The payment that it gives back. */
  readonly payment: {
    readonly reference: string;
    readonly amount: bigint;
    readonly providerPaymentId: string | null;
    /** The receipt that the payer has, where the provider names payments by it. */
    readonly receipt: string | null;
    /** Who paid, as the provider names payers. */
    readonly payer: string | null;
  };
}

export interface NewProviderCustomer {
  /** Ours: a second call for it makes no second customer where the provider can tell. */
  readonly customerId: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
}

export type CustomerOutcome =
  | { readonly kind: 'created'; readonly providerCustomerId: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

export type PortalOutcome =
  | { readonly kind: 'opened'; readonly url: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** What came of giving up a saved method at its provider. One that it does not know any more is given up too. */
export type DetachOutcome =
  | { readonly kind: 'detached' }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** What came of telling a provider where its webhooks are to go. */
export type Registration =
  | { readonly kind: 'registered' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** Money as the provider's own books have it. */
export interface BookedCharge {
  readonly reference: string | null;
  readonly providerPaymentId: string;
  readonly amount: bigint | null;
  readonly currency: string;
}

/** The charges that succeeded in a span of time, or why they cannot be told. */
export type Reconciliation =
  | { readonly kind: 'listed'; readonly charges: readonly BookedCharge[] }
  | { readonly kind: 'not_offered' }
  | { readonly kind: 'unknown'; readonly message: string };

/** What came of a harmless call with an account's credentials. */
export type AccountCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** One company that moves money, on one account at it. An adapter keeps no state of its own. */
export interface PaymentProvider {
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** Begins a charge that the customer completes. */
  createCheckout(ctx: TenantContext, checkout: Checkout): Promise<ChargeOutcome>;
  /** Charges a saved payment method, the customer not being there. */
  chargeSaved(ctx: TenantContext, charge: SavedCharge): Promise<ChargeOutcome>;
  /** Asks what became of a charge. */
  verify(ctx: TenantContext, query: ChargeQuery): Promise<VerifyOutcome>;
  /** Gives back a part of a payment, or all of it. */
  refund(ctx: TenantContext, order: RefundOrder): Promise<RefundOutcome>;
  /** Asks what became of a refund. */
  verifyRefund(ctx: TenantContext, order: RefundOrder): Promise<RefundState>;
  /** What the provider's own books have of a span of time. */
  reconcile(ctx: TenantContext, window: { from: Date; to: Date }): Promise<Reconciliation>;
  /** Makes a harmless call that takes valid credentials. */
  check(ctx: TenantContext): Promise<AccountCheck>;
  /** Makes the customer known to the provider, where it has customers. */
  readonly createCustomer?: (ctx: TenantContext, customer: NewProviderCustomer) => Promise<CustomerOutcome>;
  /** Gives up a saved method, so that nobody can charge it by the provider any more. */
  readonly detach?: (ctx: TenantContext, method: { token: string }) => Promise<DetachOutcome>;
  /** Tells the provider the account's webhook address, where that is done by a call and not by hand. */
  readonly registerWebhooks?: (ctx: TenantContext) => Promise<Registration>;
  /** Opens the provider's own pages for a customer. */
  readonly portal?: (
    ctx: TenantContext,
    visit: { providerCustomerId: string; returnUrl: string },
  ) => Promise<PortalOutcome>;
}
