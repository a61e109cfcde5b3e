import { createHmac } from 'node:crypto';

import type { JsonObject } from '../frame/json-text.js';
import type { Delivery, WebhookRules } from '../frame/webhook-sender.js';
import { customerWire, transactionWire } from './wire.js';
import type { Domain, PaystackWorld, Refund, Transaction } from './world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** HMAC-SHA512 in hexadecimal over the raw body, by the secret key itself: Paystack has no secret for webhooks. */
export const paystackSignature = (body: string, secretKey: string): string =>
  createHmac('sha512', secretKey).update(body).digest('hex');

/** Every three minutes four times, then hourly for 72 hours; only 200 is an answer. */
export const paystackWebhooks: WebhookRules = {
  sign: (body, secret) => ({ 'x-paystack-signature': paystackSignature(body, secret) }),
  style: { escapes: 'slashes' },
  retryDelaysMs: [...Array<number>(4).fill(3 * MINUTE_MS), ...Array<number>(72).fill(HOUR_MS)],
  timeoutMs: 30_000,
  accepts: (status) => status === 200,
};

/** Tells a merchant of an event. */
export function notify(
  world: PaystackWorld,
  to: { account: string; domain: Domain },
  ref: string,
  body: { event: string; data: JsonObject },
): Delivery | null {
  const account = world.accounts.find(({ name }) => name === to.account);
  if (!account) return null;
  const { event, data } = body;
  return world.webhooks.enqueue({
    event,
    ref,
    url: account.webhookUrls[to.domain],
    secret: account.keys[to.domain],
    body: { event, data },
  });
}

export const notifyCharge = (world: PaystackWorld, transaction: Transaction): Delivery | null =>
  notify(world, transaction, transaction.reference, {
    event: 'charge.success',
    data: transactionWire(transaction),
  });

/** Refunds are told with the amount as text once they are processed, and have a reference of their own only then. */
export function notifyRefund(world: PaystackWorld, refund: Refund): Delivery | null {
  const { transaction } = refund;
  const late = refund.status === 'processed' || refund.status === 'failed';
  return notify(world, transaction, transaction.reference, {
    event: `refund.${refund.status}`,
    data: {
      status: refund.status,
      transaction_reference: transaction.reference,
      refund_reference: late ? `TRF_${refund.id}` : null,
      amount: late ? String(refund.amount) : refund.amount,
      currency: transaction.currency,
      processor: 'instant-transfer',
      customer: customerWire(transaction.customer),
      integration: 100_000,
      domain: transaction.domain,
    },
  });
}

export const notifyDispute = (world: PaystackWorld, transaction: Transaction): Delivery | null =>
  notify(world, transaction, transaction.reference, {
    event: 'charge.dispute.create',
    data: {
      id: world.ids.number(),
      refund_amount: transaction.amount,
      currency: transaction.currency,
      status: 'awaiting-merchant-feedback',
      resolution: null,
      domain: transaction.domain,
      transaction: transactionWire(transaction),
      category: 'fraud',
      due_at: new Date(world.clock.now() + 24 * HOUR_MS).toISOString(),
      created_at: world.clock.date().toISOString(),
    },
  });
