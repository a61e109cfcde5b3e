import { textOf, type Json } from '../frame/json-text.js';
import type { Mode, ModeOptions } from '../frame/definition.js';
import type { Script } from '../frame/scripts.js';
import { transactionWire } from './wire.js';
import { notify } from './notices.js';
import type { PaystackWorld } from './world.js';

type PaystackMode = Mode<PaystackWorld>;

const scripted = (about: string, make: (options: ModeOptions) => Script): PaystackMode => ({
  about,
  set: (_world, options, script) => script(make(options)),
});

/** The next verify tells something else of the transaction. */
const verifyTells = (about: string, data: Json) =>
  scripted(about, ({ ref }) => ({
    match: { method: 'GET', path: '/transaction/verify/*', ...(ref ? { ref } : {}) },
    do: { patch: { data } },
  }));

const chargeEnds = (about: string, outcome: string) =>
  scripted(about, ({ ref }) => ({
    match: { method: 'POST', path: '/transaction/charge_authorization', ...(ref ? { ref } : {}) },
    do: { outcome },
  }));

const refundEnds = (about: string, outcome: string) =>
  scripted(about, ({ ref }) => ({
    match: { method: 'POST', path: '/refund', ...(ref ? { ref } : {}) },
    do: { outcome },
  }));

/** The states that Paystack is known for. A mode is for the next request that it fits, unless it says that it stays. */
export const paystackModes: Readonly<Record<string, PaystackMode>> = {
  'charge-paused': chargeEnds('the saved card wants its holder at the checkout', 'paused'),
  'charge-insufficient-funds': chargeEnds('HTTP 200 with status failed', 'insufficient_funds'),
  'charge-declined': chargeEnds('HTTP 200 with status failed', 'declined'),
  'charge-fraud': chargeEnds(
    'HTTP 200, denied by the fraud system: to be tried again after a day at the soonest',
    'fraud',
  ),
  'charge-pending': chargeEnds('pending until it is advanced', 'pending'),
  'verify-other-currency': verifyTells('verify tells another currency', { currency: 'USD' }),
  'verify-other-amount': verifyTells('verify tells a smaller amount', { amount: 100, requested_amount: 100 }),
  'verify-other-domain': verifyTells('verify tells the other mode', { domain: 'live' }),
  'verify-unknown-is-400': scripted('what verify does not know is HTTP 400 instead of 404', () => ({
    match: { method: 'GET', path: '/transaction/verify/*' },
    do: { commit: true, status: 400 },
  })),
  'verify-metadata-empty': verifyTells('metadata is an empty text', { metadata: '' }),
  'verify-metadata-zero': verifyTells('metadata is the number 0', { metadata: 0 }),
  'verify-metadata-text': verifyTells('metadata is JSON in a text', { metadata: '{"tenant":"acme"}' }),
  'verify-lags': {
    about: 'stays: verify says ongoing for two seconds after a charge, whose webhook is out',
    set: (world) => void (world.verifyLagMs = 2_000),
  },
  'customer-bears-fee': {
    about: 'stays: charges are for more than was asked',
    set: (world) => world.accounts.forEach((account) => (account.feeBearer = 'customer')),
  },
  'card-not-reusable': {
    about: 'stays: the card named by `code` cannot be charged again',
    set: (world, { code }) =>
      world.authorizations.filter((card) => card.code === code).forEach((card) => (card.reusable = false)),
  },
  'refund-fails': refundEnds('the refund ends failed', 'failed'),
  'refund-needs-attention': refundEnds('the refund waits for the customer’s account', 'needs-attention'),
  'webhook-url': {
    about: 'stays: webhooks of this mode (`domain`, test unless named) go to `url`',
    set: (world, { url, domain }) => {
      for (const account of world.accounts) {
        const mode = domain === 'live' ? 'live' : 'test';
        account.webhookUrls = { ...account.webhookUrls, [mode]: textOf(url) };
      }
    },
  },
  'rotate-keys': {
    about: 'stays: the merchant has a new key (`key`), by which webhooks are signed from now on',
    set: (world, { key, account = world.accounts[0]?.name ?? '' }) => {
      for (const merchant of world.accounts.filter(({ name }) => name === account))
        merchant.keys = { ...merchant.keys, test: textOf(key) };
    },
  },
  'live-webhook-to-test': {
    about: 'tells the test address of a live charge, signed by the test key',
    set: (world, { ref }) => {
      const transaction = world.transactions.find(({ reference }) => reference === ref);
      if (!transaction) throw new Error(`There is no transaction ${ref}.`);
      const data = { ...transactionWire(transaction), domain: 'live' };
      notify(world, transaction, transaction.reference, { event: 'charge.success', data });
    },
  },
  'rate-limited': scripted('429 with Retry-After', () => ({
    match: {},
    do: {
      status: 429,
      headers: { 'retry-after': '2' },
      body: { status: false, message: 'Too many requests' },
    },
  })),
  'gateway-page': scripted('502 with an HTML page', () => ({ match: {}, do: { malformed: 'html' } })),
};
