import type { ProviderName } from '../../../domain/payments/provider-amounts.js';
import { type LosslessJson, readJson } from '../../../platform/http-client/read-json.js';
import { databaseOfReference } from '../payment-reference.js';
import { valueAt } from './json-fields.js';

/** Longer than any webhook of these providers; what is longer is not read for the sake of finding whose it is. */
const BODY_MAX = 256 * 1_024;
/** A webhook names a payment, a refund, or both. Each name costs a look-up, and whoever writes more does not pay for it. */
const REFERENCES_MAX = 4;

/**
 * Our references that a webhook names, in the order of how sure they are: unverified, and good for nothing but to find the
 * tenant whose secret the webhook is held against then. Pure, and throws on nothing.
 *
 * Not found by it are a dispute at Stripe, which carries neither metadata nor our reference, and Stripe's events about
 * payment methods and customers: they take the account's own address. M-Pesa's callbacks name no reference but in the
 * results of refunds, and come to the account's own address always.
 */
export function referencesIn(provider: ProviderName, rawBody: Buffer): string[] {
  if (rawBody.length > BODY_MAX) return [];
  const body = readJson(rawBody.toString('utf8'));
  const found = new Set<string>();
  for (const path of PLACES[provider]) {
    const value = textOf(valueThrough(body, path));
    if (value !== null && databaseOfReference(value) !== null) found.add(value);
    if (found.size === REFERENCES_MAX) break;
  }
  return [...found];
}

/** Where each provider puts what we named a payment or a refund. */
const PLACES: Readonly<Record<ProviderName, readonly (readonly string[])[]>> = {
  paystack: [
    ['data', 'reference'],
    ['data', 'transaction_reference'],
    ['data', 'transaction', 'reference'],
    ['data', 'merchant_note'],
    ['data', 'metadata', 'reference'],
    ['data', 'transaction', 'metadata', 'reference'],
  ],
  flutterwave: [
    ['data', 'tx_ref'],
    ['data', 'txRef'],
    ['data', 'reference'],
    ['txRef'],
    ['tx_ref'],
    ['TxRef'],
    ['comments'],
    ['comment'],
    ['Comments'],
    ['data', 'comments'],
    ['data', 'comment'],
    ['meta', 'tx_ref'],
    ['meta', 'comments'],
  ],
  stripe: [
    ['data', 'object', 'metadata', 'reference'],
    ['data', 'object', 'client_reference_id'],
    ['data', 'object', 'payment_intent', 'metadata', 'reference'],
    ['data', 'object', 'charge', 'metadata', 'reference'],
  ],
  mpesa: [['Result', 'OriginatorConversationID'], ['BillRefNumber']],
};

/** The value at a path, through texts too that are JSON themselves: Paystack's metadata is one at times, and Flutterwave's `meta`. */
function valueThrough(body: unknown, path: readonly string[]): LosslessJson | undefined {
  let at = body as LosslessJson | undefined;
  for (const name of path) at = valueAt(typeof at === 'string' ? readJson(at) : at, name);
  return at;
}

function textOf(value: LosslessJson | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
