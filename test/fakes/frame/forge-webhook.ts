import { patched, writeJson, type Json } from './json-text.js';
import type { WebhookAttempt } from './send-webhook.js';
import type { Delivery, WebhookSender, WebhookUrl } from './webhook-sender.js';

const AN_HOUR_MS = 3_600_000;

/**
 * Ways to be wrong. `tampered` changes the body under the old signature, `reserialised` writes the same JSON otherwise
 * under the old signature, `patched` changes the body and signs it well, which only a thief of the secret can.
 */
export type Forgery = 'tampered' | 'unsigned' | 'stale' | 'wrong-secret' | 'reserialised' | 'patched';

export interface ForgeOptions {
  /** Members to change; of an amount somewhere in the body, tenfold, when none are named. */
  patch?: Json;
  /** Signs with this instead: a key of before, or another merchant's. */
  secret?: string;
  url?: WebhookUrl;
  sourceAddress?: string;
}

/** Sends a forged likeness of a delivery, and tells how it was received; null when it had nowhere to go. */
export async function forgeWebhook(
  sender: WebhookSender,
  delivery: Delivery,
  forgery: Forgery,
  options: ForgeOptions = {},
): Promise<WebhookAttempt | null> {
  const { notice } = delivery;
  const { sign, style } = sender.rules;
  const now = sender.clock.now();
  const secret = options.secret ?? (forgery === 'wrong-secret' ? `not-${notice.secret}` : notice.secret);
  const changed =
    options.patch === undefined
      ? tenfold(delivery.body)
      : writeJson(patched(notice.body, options.patch), style);
  const original = sign(delivery.body, secret, now);
  const [body, headers] = ((): [string, Record<string, string>] => {
    switch (forgery) {
      case 'tampered':
        return [changed, original];
      case 'patched':
        return [changed, sign(changed, secret, now)];
      case 'reserialised':
        return [reserialised(delivery.body), original];
      case 'stale':
        return [delivery.body, sign(delivery.body, secret, now - AN_HOUR_MS)];
      case 'unsigned':
        return [delivery.body, {}];
      case 'wrong-secret':
        return [delivery.body, original];
    }
  })();
  return sender.send(options.url ?? notice.url, body, headers, options.sourceAddress);
}

const tenfold = (body: string) => body.replace(/("\w*amount\w*"(?:,"Value")?:\s*"?)(\d+)/i, '$1$20');

/** The same value, and never the same bytes. */
function reserialised(body: string): string {
  const compact = JSON.stringify(JSON.parse(body));
  return compact === body ? JSON.stringify(JSON.parse(body), null, 1) : compact;
}
