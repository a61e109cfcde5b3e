import { createHmac } from 'node:crypto';

import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { readJson } from '../../../../platform/http-client/read-json.js';
import { textAt, valueAt } from '../json-fields.js';
import { headerOf, sameText } from '../webhook-proof.js';
import { paystackDispute } from './paystack-dispute.js';
import {
  type EventKind,
  FORGED,
  type ProviderEvent,
  UNREADABLE,
  type WebhookParser,
} from '../webhook-events.js';

/**
 * Reads a webhook of Paystack's: HMAC-SHA512, in hexadecimal, of the bytes as they came, by the API key itself. What
 * `JSON.stringify` would make of the body is another text, with other slashes, escapes and decimals.
 */
export const parseWebhook: WebhookParser = (rawBody, headers, { keys }) => {
  const signature = headerOf(headers, 'x-paystack-signature');
  const isGenuine = keys.some((key) =>
    sameText(signature, createHmac('sha512', key).update(rawBody).digest('hex')),
  );
  if (!isGenuine) return FORGED;
  const body = readJson(rawBody.toString('utf8'));
  const type = textAt(body, 'event');
  const data = valueAt(body, 'data');
  if (type === null || typeof data !== 'object' || data === null) return UNREADABLE;
  return { kind: 'verified', events: [eventOf(type, data)] };
};

function eventOf(type: string, data: unknown): ProviderEvent {
  const kind = kindOf(type);
  const isAboutRefund = kind === 'refund.updated';
  const currency = textAt(data, 'currency');
  const dispute = kind === 'dispute.updated' ? paystackDispute(data) : null;
  const text =
    (dispute && textAt(data, 'refund_amount')) ?? textAt(data, 'requested_amount') ?? textAt(data, 'amount');
  const transaction = textAt(data, 'transaction_reference') ?? textAt(data, 'transaction', 'reference');
  // Paystack's events have no id.
  const subject =
    textAt(data, 'id') ??
    textAt(data, 'reference') ??
    `${textAt(data, 'refund_reference') ?? ''}+${transaction ?? ''}`;
  return {
    kind,
    type,
    dedupeKey: `paystack:${type}:${subject}`,
    reference: kind === 'payment.succeeded' ? textAt(data, 'reference') : transaction,
    providerPaymentId: kind === 'payment.succeeded' ? textAt(data, 'id') : textAt(data, 'transaction', 'id'),
    providerRefundId: isAboutRefund ? textAt(data, 'id') : null,
    receipt: null,
    ...(dispute ? { dispute } : {}),
    claims: {
      amount: text === null || currency === null ? null : fromProviderAmount('paystack', { text, currency }),
      currency,
    },
  };
}

function kindOf(type: string): EventKind {
  if (type === 'charge.success') return 'payment.succeeded';
  if (type.startsWith('refund.')) return 'refund.updated';
  if (type.startsWith('charge.dispute.')) return 'dispute.updated';
  return type === 'subscription.expiring_cards' || type.startsWith('direct_debit.')
    ? 'method.updated'
    : 'other';
}
