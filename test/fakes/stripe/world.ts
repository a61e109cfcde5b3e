import type { WorldParts } from '../frame/definition.js';
import type { Json } from '../frame/json-text.js';
import type { WebhookUrl } from '../frame/webhook-sender.js';
import type { Call } from './call.js';
import type { Line } from './line-items.js';

export const API_VERSION = '2026-10-28.endive';

/** A merchant of the fake. */
export interface Account {
  id: string;
  keys: { test: string; live: string };
}

/** An object of the API, as it goes over the wire. */
export interface StripeObject {
  id: string;
  object: string;
  [member: string]: Json | undefined;
}

/** An object with what the wire does not show: whose it is, and how a card behaves. */
export interface Stored {
  account: string;
  livemode: boolean;
  data: StripeObject;
  behaviour: CardBehaviour;
}

export const CARD_BEHAVIOURS = [
  'success',
  'insufficient_funds',
  'card_declined',
  'lost_card',
  'expired_card',
  'processing_error',
  'authentication_required',
  'processing',
] as const;
export type CardBehaviour = (typeof CARD_BEHAVIOURS)[number];

/** An address for webhooks. Two secrets, with a blank between them, are signed by both: so it is while one is rolled. */
export interface Endpoint {
  id: string;
  account: string;
  livemode: boolean;
  url: WebhookUrl;
  secret: string;
  events: readonly string[];
}

/** What was answered to an idempotency key, or that it is still being worked on. */
export type KeyedAnswer = { params: string } & (
  { state: 'working' } | { state: 'done'; status: number; json: Json }
);

/** What a checkout does once somebody pays. */
export interface SessionPlan {
  call: Call;
  lines: readonly Line[];
  data: { metadata: Record<string, string>; savesCard: boolean };
}

/** Everything that Stripe knows. */
export interface StripeWorld extends WorldParts {
  accounts: Account[];
  endpoints: Endpoint[];
  stored: Map<string, Stored>;
  keys: Map<string, KeyedAnswer>;
  plans: Map<string, SessionPlan>;
  /** The business's own name of a charge, for the truth log. */
  businessKey: (intent: StripeObject, idempotencyKey: string | null) => string;
  /** Idempotency keys that intents were made with. */
  keyOfIntent: Map<string, string>;
  /** Whether the next event is told of under two identifiers. */
  twinEvents: boolean;
}
