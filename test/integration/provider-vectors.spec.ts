// The same on other servers: what is said to providers.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import {
  fromProviderAmount,
  PROVIDER_NAMES,
  type ProviderName,
  toProviderAmount,
} from '@nova/core/domain/payments/provider-amounts.js';
import { WEBHOOK_PARSERS } from '@nova/core/features/payments/providers/webhook-parsers.js';
import { messageHeaders } from '@nova/core/features/webhooks/dispatch/webhook-message.js';
import { describe, expect, it } from 'vitest';

import { withAdapter } from '../support/adapter-bench.js';
import { BENCHES } from '../support/contract-benches.js';
import { REPOSITORY } from '../support/source-files.js';

interface Signature {
  id: string;
  provider: string;
  secret: string;
  body: string;
  timestamp: number;
  valid_when_now?: number;
  header_value?: string;
  headers?: Record<string, string>;
  expected?: string;
  expect?: string;
  consumer_key?: string;
  consumer_secret?: string;
}
type Sums = Partial<Record<`${ProviderName}_amount`, number | string | null>>;
type Support = Partial<Record<ProviderName, { supported: 'y' | 'n' | '?' }>>;
interface Vectors {
  signatures: Signature[];
  amount_examples: (Sums & { currency: string; internal_iso_minor: number })[];
  currencies: (Support & { currency: string })[];
}

const file = path.join(REPOSITORY, 'test/cases/provider-vectors.json');
const {
  signatures,
  amount_examples: examples,
  currencies,
} = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
const of = (...names: string[]) => signatures.filter(({ provider }) => names.includes(provider));

const HEADERS: Readonly<Record<string, string>> = {
  paystack: 'x-paystack-signature',
  flutterwave: 'verif-hash',
  stripe: 'stripe-signature',
};

describe('a signature', () => {
  it.each(of('paystack', 'flutterwave', 'stripe'))('of the vector $id is held for what it is', (vector) => {
    const provider = vector.provider as 'paystack' | 'flutterwave' | 'stripe';
    const headers = { [HEADERS[provider] ?? '']: vector.header_value ?? vector.expected };
    const receivedAt = new Date((vector.valid_when_now ?? 0) * 1_000);
    const parse = (keys: string[], body = vector.body) =>
      WEBHOOK_PARSERS[provider](Buffer.from(body), headers, { keys, mode: 'test', receivedAt });
    const isGood = !vector.expect?.startsWith('reject');
    expect(parse([vector.secret]).kind !== 'forged').toBe(isGood);
    expect(parse(['another', vector.secret]).kind !== 'forged').toBe(isGood);
    expect(parse(['another']).kind).toBe('forged');
    expect(parse([]).kind).toBe('forged');
    // The secret itself is what Flutterwave sends: it proves nothing of the body.
    if (isGood)
      expect(parse([vector.secret], `${vector.body} `).kind === 'forged').toBe(provider !== 'flutterwave');
  });

  it.each(of('standardwebhooks'))('of the vector $id is how we sign', (vector) => {
    const { secret, body, headers = {}, expected } = vector;
    const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
    const signed = messageHeaders({ id: headers['webhook-id'] ?? '', body }, { secrets: [secret], at });
    expect(signed['webhook-signature']).toBe(expected);
  });

  it.each(of('mpesa'))('of the vector $id is how we ask for a token', (vector) => {
    const bench = BENCHES.find(({ name }) => name === 'mpesa');
    if (!bench) throw new Error('There is no bench of M-Pesa.');
    const { consumer_key: consumerKey, consumer_secret: consumerSecret, expected } = vector;
    return withAdapter(
      bench,
      async ({ fake, provider, ctx }) => {
        await provider.check(ctx);
        expect(fake.control.journal()).toMatchObject([{ headers: { authorization: expected } }]);
      },
      { credentials: { consumerKey, consumerSecret } },
    );
  });
});

describe('an amount', () => {
  const table = examples.flatMap((example) =>
    PROVIDER_NAMES.map((provider) => ({
      provider,
      currency: example.currency,
      minor: BigInt(example.internal_iso_minor),
      expected: example[`${provider}_amount`] ?? null,
    })),
  );

  /** Currencies that the vectors are not sure about are not taken before an account proves that they are. */
  const isUnsure = (provider: ProviderName, currency: string) =>
    currencies.find((one) => one.currency === currency)?.[provider]?.supported === '?';

  it.each(table)(
    'of $minor $currency is $expected to $provider',
    ({ provider, currency, minor, expected }) => {
      const given = toProviderAmount(provider, { amount: minor, currency });
      if (typeof expected !== 'number') return expect(given).toHaveProperty('refused');
      if (isUnsure(provider, currency)) return expect(given).toEqual({ refused: 'currency_not_supported' });
      // A penny is a good example of units and less than Stripe takes.
      if (provider === 'stripe' && currency === 'GBP')
        return expect(given).toEqual({ refused: 'amount_too_small' });
      expect(given).toEqual({ text: String(expected) });
      expect(fromProviderAmount(provider, { text: String(expected), currency })).toBe(minor);
    },
  );

  it('trap: is no float, and is refused rather than rounded', () => {
    const naira = (text: string) => fromProviderAmount('flutterwave', { text, currency: 'NGN' });
    expect([naira('19.99'), naira('1150.35'), naira('0.30')]).toEqual([1_999n, 115_035n, 30n]);
    expect(naira('1.005')).toBeNull();
  });
});
