import type { Mode } from '../../../tenancy/tenant-context.js';

/** What an event of a provider is about. */
export const EVENT_KINDS = [
  'payment.succeeded',
  'payment.failed',
  'payment.pending',
  'refund.updated',
  'dispute.updated',
  'method.updated',
  'other',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Where a dispute of a payment stands. `won` leaves the money with the merchant, `lost` takes it. */
export type DisputeStatus = 'open' | 'under_review' | 'won' | 'lost';

/** A payer who takes a payment back by way of the bank. The sum is the event's claim. */
export interface ProviderDispute {
  readonly providerDisputeId: string;
  readonly status: DisputeStatus;
  /** In the provider's words. */
  readonly reason: string | null;
  /** Until when the provider waits for the merchant's answer. */
  readonly dueBy: Date | null;
}

/**
 * One thing that a webhook tells. It is a hint and no proof: value is given after `verify` alone, except of what the
 * provider answers by callback only (`answer`).
 */
export interface ProviderEvent {
  readonly kind: EventKind;
  /** The provider's own name of it. */
  readonly type: string;
  /** The same for every delivery of one event, and of no other: unique per account. */
  readonly dedupeKey: string;
  /** Our reference of the payment or of the refund, where the event has it. */
  readonly reference: string | null;
  readonly providerPaymentId: string | null;
  readonly providerRefundId: string | null;
  /** The receipt that the payer has, where the provider names payments by it. */
  readonly receipt: string | null;
  /** The payer's phone in full, of providers that pay back to it. */
  readonly payer?: string;
  /** What a payer wrote as whatever is paid, for payments that nobody asked for. */
  readonly billReference?: string;
  readonly dispute?: ProviderDispute;
  /** What the event says of money, in minor units; unverified. */
  readonly claims: { readonly amount: bigint | null; readonly currency: string | null };
  /** The outcome that only a callback tells, of providers that cannot be asked. */
  readonly answer?:
    | { readonly kind: 'succeeded' }
    | { readonly kind: 'failed'; readonly code: string; readonly message: string };
}

/** What a webhook is held against. */
export interface WebhookSecrets {
  /** Any one that fits will do: the present one, and one of before while its overlap lasts. */
  readonly keys: readonly string[];
  readonly mode: Mode;
  readonly receivedAt: Date;
  /** What follows the account's token in the address that it came to: M-Pesa's callbacks are told apart by that alone. */
  readonly topic?: string;
}

/** A webhook's headers, by lower-case name. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `forged` is what no secret fits; `unreadable` what is genuine, as far as can be told, and nothing we know. */
export interface ParsedWebhook {
  readonly kind: 'verified' | 'forged' | 'unreadable';
  readonly events: readonly ProviderEvent[];
}

/** Reads a webhook: pure, and throws on nothing, whatever the bytes are. */
export type WebhookParser = (
  rawBody: Buffer,
  headers: WebhookHeaders,
  secrets: WebhookSecrets,
) => ParsedWebhook;

export const FORGED: ParsedWebhook = { kind: 'forged', events: [] };
export const UNREADABLE: ParsedWebhook = { kind: 'unreadable', events: [] };
