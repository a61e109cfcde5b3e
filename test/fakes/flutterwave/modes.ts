import type { Mode, ModeOptions } from '../frame/definition.js';
import { exactly, textOf, type Json } from '../frame/json-text.js';
import type { Script } from '../frame/scripts.js';
import type { Account, FlutterwaveWorld } from './world.js';

type FlutterwaveMode = Mode<FlutterwaveWorld>;

const ERROR_PAGE: Json = {
  status: 'error',
  message: 'An error occurred. Please contact support',
  data: null,
};

const scripted = (about: string, make: (options: ModeOptions) => Script): FlutterwaveMode => ({
  about,
  set: (_world, options, script) => script(make(options)),
});

const chargeEnds = (about: string, outcome: string) =>
  scripted(about, ({ ref }) => ({
    match: { method: 'POST', path: '/v3/tokenized-charges', ...(ref ? { ref } : {}) },
    do: { outcome },
  }));

/** The next verify, by number or by reference, tells something else. */
const verifyTells = (about: string, data: Json) =>
  scripted(about, () => ({
    match: { method: 'GET', path: '/v3/transactions/*verify*' },
    do: { patch: { data } },
  }));

/** What is not known is answered with this status instead of 200. */
const unknownIs = (status: number) =>
  scripted(`what verify does not know is HTTP ${status}`, () => ({
    match: { method: 'GET', path: '/v3/transactions/*verify*' },
    do: { commit: true, status },
  }));

const merchant = (about: string, change: (account: Account) => void): FlutterwaveMode => ({
  about: `stays: ${about}`,
  set: (world) => world.accounts.forEach(change),
});

/** The states that Flutterwave is known for. A mode is for the next request that it fits, unless it says that it stays. */
export const flutterwaveModes: Readonly<Record<string, FlutterwaveMode>> = {
  'charge-insufficient-funds': chargeEnds('HTTP 400, and no transaction', 'insufficient_funds'),
  'charge-failed': chargeEnds('HTTP 200 with status failed', 'failed'),
  'charge-pending': chargeEnds('pending until it is advanced', 'pending'),
  'charge-three-ds': chargeEnds('pending, with a page for the card’s holder', 'three-ds'),
  'never-unattended': merchant(
    'saved cards are charged only with their holders',
    (a) => (a.unattended = false),
  ),
  'token-expired': {
    about: 'stays: the token named by `token` is over a year old',
    set: (world, { token }) =>
      world.tokens.filter((t) => t.token === token).forEach((t) => (t.expiresAt = 0)),
  },
  'gateway-timeout': scripted(
    '503 though the work is done; after `delayMs`',
    ({ ref, path = '/v3/*', delayMs }) => ({
      match: { method: 'POST', path: path as string, ...(ref ? { ref } : {}) },
      do: { commit: true, status: 503, body: ERROR_PAGE, delayMs: typeof delayMs === 'number' ? delayMs : 0 },
    }),
  ),
  'verify-charged-more': verifyTells('charged_amount is more than amount', {
    charged_amount: exactly('2600.00'),
  }),
  'verify-other-currency': verifyTells('verify tells naira', { currency: 'NGN' }),
  'verify-other-amount': verifyTells('verify tells a smaller amount', { amount: 1, charged_amount: 1 }),
  'verify-amount-text': verifyTells('the amount is a text', { amount: '2500.00' }),
  'verify-amount-decimals': verifyTells('the amount is 1150.35', {
    amount: exactly('1150.35'),
    charged_amount: exactly('1150.35'),
  }),
  'unknown-is-400': unknownIs(400),
  'unknown-is-404': unknownIs(404),
  'webhook-url': {
    about: 'stays: webhooks go to `url`',
    set: (world, { url }) => world.accounts.forEach((account) => (account.webhookUrl = textOf(url))),
  },
  'webhooks-flat': merchant(
    'webhooks have no envelope, and names in camel case',
    (a) => (a.webhookShape = 'flat'),
  ),
  'webhook-retries': merchant('webhooks are sent again, three times', (a) => (a.webhookRetries = true)),
  'refund-webhooks': merchant('refunds are told by webhook', (a) => (a.refundWebhooks = true)),
  'refund-pending': scripted('the refund is pending until it is advanced', ({ ref }) => ({
    match: { method: 'POST', path: '/v3/transactions/*/refund', ...(ref ? { ref } : {}) },
    do: { outcome: 'pending' },
  })),
  'rate-limited': scripted('429', () => ({
    match: {},
    do: { status: 429, body: { status: 'error', message: 'Too many requests', data: null } },
  })),
  'gateway-page': scripted('502 with an HTML page', () => ({ match: {}, do: { malformed: 'html' } })),
};
