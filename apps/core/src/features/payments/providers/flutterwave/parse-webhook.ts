import { createHmac } from 'node:crypto';

import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { readJson } from '../../../../platform/http-client/read-json.js';
import { textAt, valueAt } from '../json-fields.js';
import {
  type EventKind,
  FORGED,
  type ProviderEvent,
  UNREADABLE,
  type WebhookHeaders,
  type WebhookParser,
} from '../webhook-events.js';
import { headerOf, sameText } from '../webhook-proof.js';

/**
 * Reads a webhook of Flutterwave's, v3. Its header is the shared secret itself and proves nothing of the body: whoever has
 * seen one delivery can write another with any sum, so nothing that it says is believed before `verify`.
 */
export const parseWebhook: WebhookParser = (rawBody, headers, { keys }) => {
  if (!keys.some((key) => isGenuine(rawBody, headers, key))) return FORGED;
  const body = readJson(rawBody.toString('utf8'));
  const event = enveloped(body) ?? flatRefund(body) ?? flatCharge(body);
  return event === null ? UNREADABLE : { kind: 'verified', events: [event] };
};

/** Where the newer header is present it alone counts, and never as a plain secret. */
function isGenuine(rawBody: Buffer, headers: WebhookHeaders, key: string): boolean {
  if (headers['flutterwave-signature'] === undefined) return sameText(headerOf(headers, 'verif-hash'), key);
  const signature = headerOf(headers, 'flutterwave-signature');
  const digest = createHmac('sha256', key).update(rawBody).digest();
  return sameText(signature, digest.toString('base64')) || sameText(signature, digest.toString('hex'));
}

/** `{event, data}`. `charge.completed` tells of failures too. */
function enveloped(body: unknown): ProviderEvent | null {
  const type = textAt(body, 'event');
  const data = valueAt(body, 'data');
  if (type === null || typeof data !== 'object' || data === null) return null;
  return type === 'charge.completed'
    ? chargeEvent(type, data, textAt(data, 'tx_ref'))
    : otherEvent(type, data);
}

/** The older form: the transaction itself, in camel case. */
function flatCharge(body: unknown): ProviderEvent | null {
  const reference = textAt(body, 'txRef');
  const type = textAt(body, 'event.type');
  return reference === null || type === null ? null : chargeEvent(type, body, reference);
}

function chargeEvent(type: string, data: unknown, reference: string | null): ProviderEvent {
  const status = textAt(data, 'status') ?? '';
  const id = textAt(data, 'id');
  const currency = textAt(data, 'currency');
  const text = textAt(data, 'amount');
  return {
    kind: kindOf(status),
    type,
    // With the status: a charge that was pending comes again under its id.
    dedupeKey: `flutterwave:${type}:${id ?? reference ?? ''}:${status}`,
    reference,
    providerPaymentId: id,
    providerRefundId: null,
    receipt: null,
    claims: {
      amount:
        text === null || currency === null ? null : fromProviderAmount('flutterwave', { text, currency }),
      currency,
    },
  };
}

/** Refunds come without an envelope, in Pascal case. */
function flatRefund(body: unknown): ProviderEvent | null {
  if (textAt(body, 'AmountRefunded') === null) return null;
  const id = textAt(body, 'id');
  return {
    kind: 'refund.updated',
    type: 'refund',
    dedupeKey: `flutterwave:refund:${id ?? ''}:${textAt(body, 'status') ?? ''}`,
    reference: null,
    providerPaymentId: textAt(body, 'TransactionId'),
    providerRefundId: id,
    receipt: null,
    claims: { amount: null, currency: null },
  };
}

function otherEvent(type: string, data: unknown): ProviderEvent {
  return {
    kind: 'other',
    type,
    dedupeKey: `flutterwave:${type}:${textAt(data, 'id') ?? ''}:${textAt(data, 'status') ?? ''}`,
    reference: null,
    providerPaymentId: null,
    providerRefundId: null,
    receipt: null,
    claims: { amount: null, currency: null },
  };
}

function kindOf(status: string): EventKind {
  if (status === 'successful') return 'payment.succeeded';
  return status === 'failed' ? 'payment.failed' : 'payment.pending';
}
