import { createHmac } from 'node:crypto';

import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { readJson } from '../../../../platform/http-client/read-json.js';
import { textAt, valueAt } from '../json-fields.js';
import {
  type EventKind,
  FORGED,
  type ProviderEvent,
  UNREADABLE,
  type WebhookParser,
} from '../webhook-events.js';
import { headerOf, sameText } from '../webhook-proof.js';
import { stripeDispute } from './stripe-dispute.js';

const TOLERANCE_S = 300;

/**
 * Reads a webhook of Stripe's: HMAC-SHA256, in hexadecimal, of the moment, a point and the bytes as they came. The key is
 * the whole text of the secret. Several signatures are those of a secret that is being replaced.
 */
export const parseWebhook: WebhookParser = (rawBody, headers, { keys, mode, receivedAt }) => {
  const { moment, signatures } = readSignature(headerOf(headers, 'stripe-signature') ?? '');
  const age = Math.abs(receivedAt.getTime() / 1_000 - Number(moment));
  const isGenuine = keys.some((key) => {
    const expected = createHmac('sha256', key).update(`${moment}.`).update(rawBody).digest('hex');
    return signatures.some((signature) => sameText(signature, expected));
  });
  if (!isGenuine || !(age <= TOLERANCE_S)) return FORGED;
  const body = readJson(rawBody.toString('utf8'));
  const object = valueAt(body, 'data', 'object');
  const type = textAt(body, 'type');
  const id = textAt(body, 'id');
  // An event of the other mode was sent to an endpoint that it is not for.
  if (type === null || id === null || valueAt(body, 'livemode') !== (mode === 'live')) return UNREADABLE;
  return { kind: 'verified', events: [eventOf(type, id, object)] };
};

function readSignature(header: string): { moment: string; signatures: string[] } {
  const parts = header.split(',').map((part) => part.split('='));
  const moment = parts.find(([name]) => name === 't')?.[1] ?? '';
  const signatures = parts.filter(([name]) => name === 'v1').map(([, value = '']) => value);
  return { moment: /^\d{1,12}$/.test(moment) ? moment : 'none', signatures };
}

function eventOf(type: string, id: string, object: unknown): ProviderEvent {
  const kind = kindOf(type, object);
  const currency = textAt(object, 'currency')?.toUpperCase() ?? null;
  const dispute = kind === 'dispute.updated' ? stripeDispute(object) : null;
  const text =
    textAt(object, 'amount_received') ?? textAt(object, 'amount_total') ?? textAt(object, 'amount');
  return {
    kind,
    type,
    dedupeKey: `stripe:${id}`,
    reference: textAt(object, 'metadata', 'reference') ?? textAt(object, 'client_reference_id'),
    providerPaymentId: paymentOf(type, object),
    providerRefundId: type.startsWith('refund.') ? textAt(object, 'id') : null,
    receipt: null,
    ...(dispute ? { dispute } : {}),
    claims: {
      amount: text === null || currency === null ? null : fromProviderAmount('stripe', { text, currency }),
      currency,
    },
  };
}

function paymentOf(type: string, object: unknown): string | null {
  if (type.startsWith('payment_intent.')) return textAt(object, 'id');
  return (
    textAt(object, 'payment_intent') ?? (type.startsWith('checkout.session.') ? textAt(object, 'id') : null)
  );
}

/** A session may be completed without being paid: then the money comes days later, or does not. */
function kindOf(type: string, object: unknown): EventKind {
  if (type === 'checkout.session.completed') {
    return textAt(object, 'payment_status') === 'unpaid' ? 'payment.pending' : 'payment.succeeded';
  }
  const exact = KINDS[type];
  if (exact) return exact;
  if (type.startsWith('refund.') || type === 'charge.refunded') return 'refund.updated';
  if (type.startsWith('charge.dispute.')) return 'dispute.updated';
  return type.startsWith('payment_method.') ? 'method.updated' : 'other';
}

const KINDS: Readonly<Partial<Record<string, EventKind>>> = {
  'payment_intent.succeeded': 'payment.succeeded',
  'payment_intent.payment_failed': 'payment.failed',
  'payment_intent.canceled': 'payment.failed',
  'payment_intent.processing': 'payment.pending',
  'payment_intent.requires_action': 'payment.pending',
  'checkout.session.async_payment_succeeded': 'payment.succeeded',
  'checkout.session.async_payment_failed': 'payment.failed',
  'checkout.session.expired': 'payment.failed',
};
