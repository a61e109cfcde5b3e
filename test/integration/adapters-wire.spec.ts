// The same on other servers: what is said to providers.
import { createRequire } from 'node:module';

import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';

import type { JournalEntry } from '../fakes/frame/journal.js';
import { FLUTTERWAVE_DEMO } from '../fakes/flutterwave/options.js';
import { startFlutterwaveFake } from '../fakes/flutterwave/start-flutterwave-fake.js';
import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { STRIPE_DEMO } from '../fakes/stripe/options.js';
import { AMOUNT, type AdapterBench, paidBy, withAdapter } from '../support/adapter-bench.js';
import { type Bench, BENCHES } from '../support/contract-benches.js';
import { flutterwaveSdk } from '../support/flutterwave-sdk.js';

const benchOf = (name: string): Bench => {
  const bench = BENCHES.find((one) => one.name === name);
  if (!bench) throw new Error(`There is no bench ${name}.`);
  return bench;
};

/** A request as it counts: numbers of ids are those of the one or the other call. */
interface Said {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

function saidIn({ method, path, query, headers, rawBody }: JournalEntry): Said {
  const isJson = rawBody !== '' && headers['content-type']?.startsWith('application/json');
  const body = (isJson ? JSON.parse(rawBody) : Object.fromEntries(new URLSearchParams(rawBody))) as Record<
    string,
    unknown
  >;
  return { method, path, query, authorization: headers['authorization'], body };
}

/** What was said to the fake while `work` went on: its last request, whatever the answer. */
async function saidBy({ fake }: AdapterBench, work: () => Promise<unknown>): Promise<Said> {
  await work().catch(() => undefined);
  const last = fake.control.journal().at(-1);
  if (!last) throw new Error('Nothing was said.');
  return saidIn(last);
}

/** Ours is the same request as theirs: whatever field theirs has, ours has with the same value. */
function expectSame(ours: Said, theirs: Said): void {
  const { body, ...request } = theirs;
  const { body: mine, ...asked } = ours;
  expect(asked).toEqual(request);
  expect(mine).toMatchObject(body);
}

type Call = (data: object) => Promise<unknown>;
interface PaystackSdk {
  endpoint: string;
  transaction: { initialize: Call; verify: Call; chargeAuth: Call };
  refund: { create: Call };
  customer: { create: Call };
}
/** It has no types. */
const newPaystackSdk = createRequire(import.meta.url)('paystack-api') as (key: string) => PaystackSdk;

describe('our requests to Paystack', () => {
  it('are those of paystack-api', () =>
    withAdapter(benchOf('paystack'), async (opened) => {
      const { fake, provider, ctx, bench } = opened;
      const sdk = newPaystackSdk(PAYSTACK_DEMO_KEYS.test);
      sdk.endpoint = fake.url;
      const said = (work: () => Promise<unknown>) => saidBy(opened, work);
      const reference = opened.reference();
      // 2,500.00 naira are 250,000 kobo.
      const sum = { email: bench.email, amount: 250_000, currency: 'NGN', reference };
      const pairs: [() => Promise<unknown>, () => Promise<unknown>][] = [
        [
          () => provider.createCheckout(ctx, opened.checkoutOf()),
          () => sdk.transaction.initialize({ ...sum, callback_url: 'https://shop.example/back' }),
        ],
        [
          () => provider.chargeSaved(ctx, opened.chargeOf()),
          () => sdk.transaction.chargeAuth({ ...sum, authorization_code: bench.token }),
        ],
        [() => provider.verify(ctx, opened.queryOf()), () => sdk.transaction.verify({ reference })],
        [
          () => provider.createCustomer?.(ctx, customer) ?? Promise.reject(new Error('none')),
          () => sdk.customer.create({ email: customer.email, first_name: customer.name }),
        ],
      ];
      for (const [ours, theirs] of pairs) {
        await fake.control.reset();
        const mine = await said(ours);
        await fake.control.reset();
        expectSame(mine, await said(theirs));
      }
      await fake.control.reset();
      const order = opened.refundOf(await paidBy(opened), { amount: 1_000n });
      const mine = await said(() => provider.refund(ctx, order));
      const transaction = order.payment.providerPaymentId;
      expectSame(mine, await said(() => sdk.refund.create({ transaction, amount: 1_000 })));
    }));

  const customer = { customerId: 'cus_1', name: 'Asha', email: 'asha@acme.example', phone: null };
});

describe('our requests to Flutterwave', () => {
  it('are those of flutterwave-node-v3', () =>
    // It takes addresses of domains that there are only.
    withAdapter(flutterwaveOf('asha@example.com'), async (opened) => {
      const { fake, provider, ctx, bench } = opened;
      const tx_ref = opened.reference();
      const charged = await saidBy(opened, () => provider.chargeSaved(ctx, opened.chargeOf()));
      const asked = await saidBy(opened, () => provider.verify(ctx, opened.queryOf()));
      const found = await paidBy(opened);
      const named = await saidBy(opened, () => provider.verify(ctx, opened.queryOf(found)));
      const order = opened.refundOf(found, { amount: 100_000n });
      const refunded = await saidBy(opened, () => provider.refund(ctx, order));
      const { token, email } = bench;
      const before = fake.control.journal().length;
      await flutterwaveSdk(fake.url, [
        [
          'Tokenized',
          'charge',
          {
            token,
            email,
            currency: 'NGN',
            country: 'NG',
            amount: 2500,
            tx_ref,
            narration: 'Acme: invoice 1',
          },
        ],
        ['Transaction', 'verify_by_tx', { tx_ref }],
        ['Transaction', 'verify', { id: Number(found.providerPaymentId) }],
        ['Transaction', 'refund', { id: found.providerPaymentId, amount: 1_000 }],
      ]);
      const theirs = fake.control.journal().slice(before).map(saidIn);
      // It says in the body of a refund once more what the address says.
      for (const { body } of theirs) delete body['id'];
      expect(theirs).toHaveLength(4);
      for (const [at, ours] of [charged, asked, named, refunded].entries()) {
        expectSame(ours, theirs[at] as Said);
      }
      expect(charged.authorization).toBe(`Bearer ${FLUTTERWAVE_DEMO.secretKey}`);
    }));

  const flutterwaveOf = (email: string) => {
    const bench = benchOf('flutterwave');
    const start = () => startFlutterwaveFake({ tokens: [{ token: bench.token, email }] });
    return { ...bench, email, start };
  };
});

describe('our requests to Stripe', () => {
  it('are those of its SDK, with our reference as their key', () =>
    withAdapter(benchOf('stripe'), async (opened) => {
      const { fake, provider, ctx, bench } = opened;
      const { hostname, port } = new URL(fake.url);
      const stripe = new Stripe(STRIPE_DEMO.testKey, {
        host: hostname,
        port,
        protocol: 'http',
        telemetry: false,
      });
      const reference = opened.reference();
      const charge = {
        amount: Number(AMOUNT),
        currency: 'ngn',
        payment_method: bench.token,
        off_session: true,
        confirm: true,
        metadata: { reference },
      } as const;
      const mine = await saidBy(opened, () => provider.chargeSaved(ctx, opened.chargeOf()));
      expect(fake.control.journal().at(-1)?.headers).toMatchObject({ 'idempotency-key': reference });
      await fake.control.reset();
      expectSame(mine, await saidBy(opened, () => stripe.paymentIntents.create(charge)));
    }));
});
