import { createHmac } from 'node:crypto';

import type { WebhookRules } from '../frame/webhook-sender.js';

const MINUTE_MS = 60_000;

/** HMAC-SHA256 in hexadecimal of `t.body`; the whole `whsec_…` text is the key. */
export const stripeSignature = (body: string, secret: string, timestamp: number): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** `Stripe-Signature`: of each of the secrets, which are several while one is rolled. */
export function stripeHeader(body: string, secrets: string, timestamp: number): string {
  const signatures = secrets.split(' ').map((secret) => `v1=${stripeSignature(body, secret, timestamp)}`);
  return [`t=${timestamp}`, ...signatures, `v0=${'a'.repeat(64)}`].join(',');
}

/** Three times more in some hours, as in a sandbox. Any 2xx is an answer. */
export const stripeWebhooks: WebhookRules = {
  sign: (body, secret, nowMs) => ({
    'stripe-signature': stripeHeader(body, secret, Math.floor(nowMs / 1_000)),
  }),
  style: { pretty: true },
  retryDelaysMs: [5 * MINUTE_MS, 60 * MINUTE_MS, 180 * MINUTE_MS],
  timeoutMs: 20_000,
  accepts: (status) => status >= 200 && status < 300,
};
