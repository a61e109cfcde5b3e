import type { ProviderName } from '../../../domain/payments/provider-amounts.js';
import type { CredentialsOf } from './credentials.js';
import { parseWebhook as parseFlutterwave } from './flutterwave/parse-webhook.js';
import { parseWebhook as parseMpesa } from './mpesa/parse-webhook.js';
import { parseWebhook as parsePaystack } from './paystack/parse-webhook.js';
import { parseWebhook as parseStripe } from './stripe/parse-webhook.js';
import type { WebhookParser } from './webhook-events.js';

/** How each provider's webhooks are read. */
export const WEBHOOK_PARSERS: Readonly<Record<ProviderName, WebhookParser>> = {
  paystack: parsePaystack,
  flutterwave: parseFlutterwave,
  mpesa: parseMpesa,
  stripe: parseStripe,
};

/** What a provider proves its webhooks with, of an account's credentials; null where it proves nothing. */
export function webhookKeyOf<P extends ProviderName>(
  provider: P,
  credentials: CredentialsOf[P],
): string | null {
  const given = credentials as Partial<Record<string, unknown>>;
  const names: Readonly<Record<ProviderName, string | null>> = {
    paystack: 'secretKey',
    flutterwave: 'webhookSecretHash',
    stripe: 'webhookSecret',
    mpesa: null,
  };
  const name = names[provider];
  const key = name === null ? null : given[name];
  return typeof key === 'string' ? key : null;
}
