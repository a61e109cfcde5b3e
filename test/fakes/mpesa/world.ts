import type { WorldParts } from '../frame/definition.js';

/** An app of the developers' portal: its token is good for the short codes that it names. */
export interface App {
  consumerKey: string;
  consumerSecret: string;
  token: { value: string; expiresAt: number } | null;
}

/** A business: a paybill, or a till with the number of its store. */
export interface Organisation {
  shortcode: string;
  /** The till that pays into it, where it has one. */
  till: string | null;
  name: string;
  passkey: string;
  initiator: string;
  initiatorPassword: string;
  /** Shillings in the account that payouts come from. */
  balance: number;
  urls: { confirmation: string; validation: string | null; whenSilent: 'Completed' | 'Cancelled' } | null;
  pullsRegistered: boolean;
}

export const PHONE_BEHAVIOURS = [
  'ask',
  'approve',
  'cancel',
  'ignore',
  'expire',
  'insufficient',
  'wrong-pin',
  'busy',
  'callback-lost',
  'approve-late',
  'callback-twice',
  'callback-first',
] as const;
/** What a customer does with a prompt. `ask` waits for the page of the phone. */
export type PhoneBehaviour = (typeof PHONE_BEHAVIOURS)[number];

export interface Subscriber {
  msisdn: string;
  name: string;
  /** Shillings. */
  balance: number;
  pin: string;
  behaviour: PhoneBehaviour;
}

/** A prompt on a phone. */
export interface Push {
  merchantRequestId: string;
  checkoutRequestId: string;
  shortcode: string;
  amount: number;
  msisdn: string;
  accountReference: string;
  description: string;
  callbackUrl: string;
  createdAt: number;
  /** Null while the phone shows it. */
  result: { code: string; description: string } | null;
  receipt: string | null;
  timesAsked: number;
}

/** Money that moved, under its receipt. */
export interface LedgerEntry {
  receipt: string;
  shortcode: string;
  kind: 'payment' | 'payout' | 'reversal';
  amount: number;
  msisdn: string;
  at: number;
  billReference: string;
  /** What the merchant's books call it. */
  reference: string;
  reversed: boolean;
}

/** An asynchronous order of a business. */
export interface Conversation {
  conversationId: string;
  originatorConversationId: string;
  receipt: string | null;
}

/** Everything that M-Pesa knows. */
export interface MpesaWorld extends WorldParts {
  apps: App[];
  organisations: Organisation[];
  subscribers: Subscriber[];
  pushes: Push[];
  ledger: LedgerEntry[];
  conversations: Conversation[];
  /** What a phone does that nobody has described. */
  otherwise: PhoneBehaviour;
  /** How long a customer takes, in the provider's time. */
  answerAfterMs: number;
  validationTimeoutMs: number;
  /** Whether the address of a push's callback is held to the rules of C2B addresses. */
  strictCallbackUrls: boolean;
  callbackStyle: { shuffled: boolean; maskedPhone: boolean };
  resultStyle: 'list' | 'repeated-keys' | 'single-object';
  businessKey: (push: { accountReference: string; callbackUrl: string; shortcode: string }) => string;
}
