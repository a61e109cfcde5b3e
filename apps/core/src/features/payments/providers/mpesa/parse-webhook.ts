import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { type LosslessJson, readJson } from '../../../../platform/http-client/read-json.js';
import { declinedByMpesa } from '../declines.js';
import { listAt, textAt, valueAt } from '../json-fields.js';
import { type ParsedWebhook, type ProviderEvent, UNREADABLE, type WebhookParser } from '../webhook-events.js';
import { kenyanPhone } from './stk-push.js';
import { MPESA_TOPICS } from './topics.js';

/**
 * Reads a callback of M-Pesa's. Nothing in it is signed: that it came to the account's own address, which nobody else
 * knows, is all that speaks for it, so that a sum or a receipt is never taken from it without a question back.
 */
export const parseWebhook: WebhookParser = (rawBody, _headers, { topic }) => {
  const body = readJson(rawBody.toString('utf8'));
  // A question about a payment that is not made yet: it looks like the news of one, and is not.
  if (topic === MPESA_TOPICS.validation) return { kind: 'verified', events: [] };
  if (topic?.endsWith('-timeout')) return timedOut(body, topic);
  const event = stkEvent(body) ?? resultEvent(body) ?? c2bEvent(body);
  return event === null ? UNREADABLE : { kind: 'verified', events: [event] };
};

function stkEvent(body: unknown): ProviderEvent | null {
  const callback = valueAt(body, 'Body', 'stkCallback');
  const id = textAt(callback, 'CheckoutRequestID');
  const code = textAt(callback, 'ResultCode');
  if (id === null || code === null) return null;
  // Names and values in no order; one may have no value.
  const items = new Map(
    listAt(callback, 'CallbackMetadata', 'Item').map((item) => [textAt(item, 'Name'), textAt(item, 'Value')]),
  );
  const text = items.get('Amount') ?? null;
  // Some accounts are told a number with stars in it, which nothing can be paid back to.
  const payer = kenyanPhone(items.get('PhoneNumber') ?? null);
  return {
    kind: code === '0' ? 'payment.succeeded' : 'payment.failed',
    type: 'stkCallback',
    dedupeKey: `mpesa:stk:${id}`,
    reference: null,
    providerPaymentId: id,
    providerRefundId: null,
    receipt: items.get('MpesaReceiptNumber') ?? null,
    ...(payer === null ? {} : { payer }),
    claims: claimsOf(text),
  };
}

/** A payment that somebody made by hand, or an STK payment once more: the receipt is the same. The phone is masked. */
function c2bEvent(body: unknown): ProviderEvent | null {
  const receipt = textAt(body, 'TransID');
  const text = textAt(body, 'TransAmount');
  if (receipt === null || text === null) return null;
  return {
    kind: 'payment.succeeded',
    type: 'c2b',
    dedupeKey: `mpesa:c2b:${receipt}`,
    reference: null,
    providerPaymentId: null,
    providerRefundId: null,
    receipt,
    billReference: textAt(body, 'BillRefNumber') ?? '',
    claims: claimsOf(text),
  };
}

/** What became of a reversal or of a B2C payment. There is nothing else to ask. */
function resultEvent(body: unknown): ProviderEvent | null {
  const result = valueAt(body, 'Result');
  const conversation = textAt(result, 'ConversationID');
  const code = textAt(result, 'ResultCode');
  if (conversation === null || code === null) return null;
  const originator = textAt(result, 'OriginatorConversationID');
  return {
    kind: 'refund.updated',
    type: 'result',
    dedupeKey: `mpesa:result:${conversation}`,
    reference: originator,
    providerPaymentId: null,
    providerRefundId: originator,
    receipt: textAt(result, 'TransactionID'),
    claims: { amount: null, currency: null },
    answer: answerOf(code, result),
  };
}

/**
 * An order that waited too long in Safaricom's queue. A reversal was not made then, and making it again does no harm if it
 * was. Of a payment to a phone that is too little to go by: a second one would be paid too.
 */
function timedOut(body: unknown, topic: string): ParsedWebhook {
  const event = resultEvent(body);
  if (event === null) return UNREADABLE;
  const { answer: _, ...told } = event;
  const message = 'The order waited too long in the queue of M-Pesa.';
  const failure = { answer: { kind: 'failed', code: 'queue_timeout', message } } as const;
  const timeout: ProviderEvent = {
    ...told,
    type: 'timeout',
    dedupeKey: told.dedupeKey.replace(':result:', ':timeout:'),
    ...(topic === `${MPESA_TOPICS.reversal}-timeout` ? failure : {}),
  };
  return { kind: 'verified', events: [timeout] };
}

/** R000001: the payment was reversed before, which is what was wanted. */
function answerOf(code: string, result: LosslessJson | undefined): NonNullable<ProviderEvent['answer']> {
  if (code === '0' || code === 'R000001') return { kind: 'succeeded' };
  const { code: failure, message } = declinedByMpesa(code, textAt(result, 'ResultDesc'));
  return { kind: 'failed', code: failure, message };
}

function claimsOf(text: string | null): ProviderEvent['claims'] {
  return {
    amount: text === null ? null : fromProviderAmount('mpesa', { text, currency: 'KES' }),
    currency: 'KES',
  };
}
