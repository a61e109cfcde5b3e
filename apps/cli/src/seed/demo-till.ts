import type { HttpClient } from './http-client.js';
import type { Fake } from './read-fakes.js';

/** Has the demo tenant take payments by the fakes in test mode. Accounts that it has already are left alone. */
export async function ensureTill(api: HttpClient, fakes: readonly Fake[]): Promise<void> {
  const { data } = await api.get<{ data: { provider: string }[] }>('/payment-providers');
  const missing = fakes.filter(({ provider }) => data.every((account) => account.provider !== provider));
  for (const fake of missing) {
    const { provider } = fake;
    await api.post('/payment-providers', {
      provider,
      credentials: CREDENTIALS[provider](fake.keys),
      priority: PRIORITY[provider],
    });
  }
}

/** Where two take a currency, what most people there pay by comes first. */
const PRIORITY: Readonly<Record<Fake['provider'], number>> = {
  mpesa: 10,
  paystack: 20,
  flutterwave: 30,
  stripe: 40,
};

const CREDENTIALS: Readonly<Record<Fake['provider'], (keys: Fake['keys']) => object>> = {
  paystack: ({ secretKey }) => ({ secretKey }),
  flutterwave: ({ secretKey, secretHash }) => ({
    secretKey,
    webhookSecretHash: secretHash,
    unattended: true,
  }),
  mpesa: (keys) => ({
    consumerKey: keys['consumerKey'],
    consumerSecret: keys['consumerSecret'],
    shortcode: keys['shortcode'],
    passkey: keys['passkey'],
    initiator: {
      name: keys['initiator'],
      password: keys['initiatorPassword'],
      certificate: keys['certificate'],
      disbursementShortcode: keys['payoutShortcode'],
    },
  }),
  stripe: ({ testKey, webhookSecret }) => ({ secretKey: testKey, webhookSecret }),
};
