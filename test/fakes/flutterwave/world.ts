import type { WorldParts } from '../frame/definition.js';
import type { Json } from '../frame/json-text.js';
import type { WebhookUrl } from '../frame/webhook-sender.js';

/** A merchant of the fake. */
export interface Account {
  name: string;
  /** `FLWSECK_TEST-…` or `FLWSECK-…`: the key decides between test and live. */
  secretKey: string;
  /** What every webhook carries in `verif-hash`. */
  secretHash: string;
  currencies: readonly string[];
  /** Whether Flutterwave lets this merchant charge saved cards without their holders. */
  unattended: boolean;
  webhookUrl: WebhookUrl;
  /** Off on the dashboard of a new merchant. */
  webhookRetries: boolean;
  /** Off until support turns it on. */
  refundWebhooks: boolean;
  webhookShape: 'envelope' | 'flat';
}

/** A saved card. */
export interface CardToken {
  token: string;
  email: string;
  account: string;
  /** A year after its first payment, in the provider's time. */
  expiresAt: number;
  behaviour: ChargeBehaviour;
}

export const CHARGE_BEHAVIOURS = ['success', 'insufficient_funds', 'failed', 'three-ds', 'pending'] as const;
export type ChargeBehaviour = (typeof CHARGE_BEHAVIOURS)[number];

/** A page that takes a payment; several may be made for one reference. */
export interface HostedLink {
  id: string;
  account: string;
  txRef: string;
  amount: number;
  currency: string;
  email: string;
  customerName: string | null;
  phone: string | null;
  redirectUrl: string | null;
  meta: Json;
  /** How often a card may be declined on the page. */
  triesLeft: number;
  expiresAt: number;
}

/** Amounts are hundredths of a major unit, of every currency. */
export interface Transaction {
  id: number;
  account: string;
  txRef: string;
  flwRef: string;
  amount: number;
  chargedAmount: number;
  fee: number;
  currency: string;
  status: 'pending' | 'successful' | 'failed';
  paymentType: string;
  authModel: string;
  processorResponse: string;
  email: string;
  customerName: string | null;
  phone: string | null;
  token: string | null;
  meta: Json;
  createdAt: string;
  /** Where the customer confirms a payment that waits for it. */
  challenge: string | null;
  redirectUrl: string | null;
}

export interface Refund {
  id: number;
  transaction: Transaction;
  amount: number;
  status: 'completed' | 'pending' | 'failed';
  comments: string;
  createdAt: string;
}

/** Everything that Flutterwave knows. */
export interface FlutterwaveWorld extends WorldParts {
  accounts: Account[];
  tokens: CardToken[];
  links: HostedLink[];
  transactions: Transaction[];
  refunds: Refund[];
}
