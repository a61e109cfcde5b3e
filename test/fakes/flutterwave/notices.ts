import type { Delivery, WebhookRules } from '../frame/webhook-sender.js';
import { chargeEvent, flatChargeEvent, refundEvent } from './wire.js';
import type { Account, FlutterwaveWorld, Refund, Transaction } from './world.js';

const HALF_AN_HOUR_MS = 30 * 60_000;

/** The secret itself is the header: it proves nothing of the body. Only 200 is an answer, and a minute the time for it. */
export const flutterwaveWebhooks: WebhookRules = {
  sign: (_body, secret) => ({ 'verif-hash': secret }),
  retryDelaysMs: Array<number>(3).fill(HALF_AN_HOUR_MS),
  timeoutMs: 60_000,
  accepts: (status) => status === 200,
};

/** Tells the merchant how a charge stands. */
export function notifyCharge(world: FlutterwaveWorld, transaction: Transaction): Delivery | null {
  const account = accountOf(world, transaction);
  if (!account) return null;
  const body = account.webhookShape === 'flat' ? flatChargeEvent(transaction) : chargeEvent(transaction);
  return world.webhooks.enqueue({ ...to(account), event: 'charge.completed', ref: transaction.txRef, body });
}

/** Tells the merchant of a refund, where support has turned that on. */
export function notifyRefund(world: FlutterwaveWorld, refund: Refund): Delivery | null {
  const account = accountOf(world, refund.transaction);
  if (!account?.refundWebhooks) return null;
  return world.webhooks.enqueue({
    ...to(account),
    event: 'refund.completed',
    ref: refund.transaction.txRef,
    body: refundEvent(refund),
  });
}

const to = ({ webhookUrl, secretHash, webhookRetries }: Account) => ({
  url: webhookUrl,
  secret: secretHash,
  retries: webhookRetries,
});

const accountOf = (world: FlutterwaveWorld, transaction: Transaction) =>
  world.accounts.find(({ name }) => name === transaction.account);
