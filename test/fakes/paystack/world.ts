import type { WorldParts } from '../frame/definition.js';
import type { Json } from '../frame/json-text.js';
import type { WebhookUrl } from '../frame/webhook-sender.js';

export type Domain = 'test' | 'live';

/** A merchant of the fake, which Paystack calls an integration. */
export interface Account {
  name: string;
  keys: Record<Domain, string>;
  /** What the merchant may charge in. */
  currencies: readonly string[];
  /** Who pays the fee: when the customer does, a charge is for more than was asked. */
  feeBearer: 'account' | 'customer';
  webhookUrls: Record<Domain, WebhookUrl>;
}

/** A saved card. `behaviour` is what it does when it is charged again. */
export interface Authorization {
  code: string;
  email: string;
  account: string;
  domain: Domain;
  reusable: boolean;
  active: boolean;
  behaviour: ChargeBehaviour;
  signature: string;
  last4: string;
}

export const CHARGE_BEHAVIOURS = [
  'success',
  'insufficient_funds',
  'declined',
  'fraud',
  'paused',
  'pending',
] as const;
export type ChargeBehaviour = (typeof CHARGE_BEHAVIOURS)[number];

export interface Customer {
  id: number;
  code: string;
  email: string;
  account: string;
  domain: Domain;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
}

export type TransactionStatus =
  'abandoned' | 'failed' | 'ongoing' | 'pending' | 'processing' | 'queued' | 'reversed' | 'success';

/** Amounts are subunits: hundredths of every currency, XOF too. */
export interface Transaction {
  id: number;
  account: string;
  domain: Domain;
  reference: string;
  status: TransactionStatus;
  requestedAmount: number;
  amount: number;
  fees: number | null;
  currency: string;
  channel: string;
  customer: Customer;
  authorization: Authorization | null;
  accessCode: string;
  callbackUrl: string | null;
  metadata: Json;
  gatewayResponse: string | null;
  createdAt: string;
  paidAt: string | null;
  /** Until then verify calls it ongoing, though the webhook is out: in the provider's time. */
  visibleFrom: number;
}

export type RefundStatus = 'pending' | 'processing' | 'needs-attention' | 'failed' | 'processed';

export interface Refund {
  id: number;
  transaction: Transaction;
  amount: number;
  status: RefundStatus;
  createdAt: string;
  customerNote: string | null;
  merchantNote: string | null;
  /** How it is to end when time passes. */
  ends: 'processed' | 'failed' | 'needs-attention';
}

/** Everything that Paystack knows. */
export interface PaystackWorld extends WorldParts {
  accounts: Account[];
  customers: Customer[];
  authorizations: Authorization[];
  transactions: Transaction[];
  refunds: Refund[];
  /** How long after a charge verify still says ongoing. */
  verifyLagMs: number;
  /** How long a refund takes from one state to the next; null waits to be advanced. */
  refundStepMs: number | null;
}
