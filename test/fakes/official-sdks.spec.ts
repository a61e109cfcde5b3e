import { createRequire } from 'node:module';

import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { flutterwaveSdk } from '../support/flutterwave-sdk.js';
import { startMerchantInbox, type MerchantInbox } from '../support/merchant-inbox.js';
import { startFlutterwaveFake } from './flutterwave/start-flutterwave-fake.js';
import { PAYSTACK_DEMO_KEYS } from './paystack/options.js';
import { startPaystackFake } from './paystack/start-paystack-fake.js';
import { STRIPE_DEMO } from './stripe/options.js';
import { startStripeFake } from './stripe/start-stripe-fake.js';

type Call = (data: object) => Promise<{ status: boolean; data: Record<string, unknown> }>;
interface PaystackSdk {
  endpoint: string;
  transaction: { initialize: Call; verify: Call; chargeAuth: Call; list: Call };
  refund: { create: Call };
  customer: { create: Call };
}
const require = createRequire(import.meta.url);
/** It has no types. */
const newPaystackSdk = require('paystack-api') as (key: string) => PaystackSdk;

describe('Stripe’s own SDK', () => {
  let fake: Awaited<ReturnType<typeof startStripeFake>>;
  let inbox: MerchantInbox;
  let stripe: Stripe;

  beforeAll(async () => {
    inbox = await startMerchantInbox();
    fake = await startStripeFake({ endpoints: [{ url: inbox.url }] });
    const { hostname, port } = new URL(fake.url);
    stripe = new Stripe(STRIPE_DEMO.testKey, {
      host: hostname,
      port,
      protocol: 'http',
      maxNetworkRetries: 2,
      telemetry: false,
    });
  });
  beforeEach(() => fake.control.reset());
  afterAll(async () => {
    await fake.stop();
    await inbox.stop();
  });

  const savedCard = async (card = 'pm_card_visa') => {
    const customer = await stripe.customers.create({
      email: 'asha@acme.example',
      metadata: { tenant: 'acme' },
    });
    return {
      customer: customer.id,
      payment_method: (await stripe.paymentMethods.attach(card, { customer: customer.id })).id,
    };
  };
  const charge = (card: object, idempotencyKey: string) =>
    stripe.paymentIntents.create(
      {
        amount: 250_000,
        currency: 'ngn',
        off_session: true,
        confirm: true,
        metadata: { reference: idempotencyKey },
        ...card,
      },
      { idempotencyKey },
    );

  it('charges, refunds and reads', async () => {
    const intent = await charge(await savedCard(), 'sdk');
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 250_000 });
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1_000 });
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    const read = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(read.latest_charge).toMatchObject({ amount_refunded: 1_000 });
    const listed: string[] = [];
    for await (const one of stripe.paymentIntents.list({ limit: 1, created: { gte: 0 } }))
      listed.push(one.id);
    expect(listed).toEqual([intent.id]);
  });

  it('charges once though the connection ends after the work', async () => {
    const card = await savedCard();
    await fake.control.mode('reset-after');
    expect((await charge(card, 'reset')).status).toBe('succeeded');
    expect(fake.truth.captures('reset')).toHaveLength(1);
  });

  it('knows the errors for what they are', async () => {
    const card = await savedCard('pm_card_visa_chargeDeclinedInsufficientFunds');
    await expect(charge(card, 'declined')).rejects.toMatchObject({
      type: 'StripeCardError',
      decline_code: 'insufficient_funds',
    });
    await expect(stripe.paymentIntents.retrieve('pi_other')).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 404,
    });
    const good = await savedCard();
    await charge(good, 'key');
    await expect(charge({ ...good, amount: 1_000 }, 'key')).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    });
    await fake.control.mode('rate-limited');
    await fake.control.mode('rate-limited');
    await fake.control.mode('rate-limited');
    await expect(charge(good, 'limited')).rejects.toMatchObject({ type: 'StripeRateLimitError' });
  });

  it('makes sessions, subscriptions and prices', async () => {
    const { customer, payment_method } = await savedCard();
    const product = await stripe.products.create({ name: 'Pro' });
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 2_900,
      recurring: { interval: 'month' },
    });
    const subscription = await stripe.subscriptions.create({
      customer,
      items: [{ price: price.id }],
      default_payment_method: payment_method,
    });
    expect(subscription.status).toBe('active');
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://shop.example/done',
      line_items: [
        { quantity: 2, price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Invoice' } } },
      ],
    });
    expect(session).toMatchObject({ amount_total: 1_000, payment_status: 'unpaid' });
    expect((await stripe.checkout.sessions.expire(session.id)).status).toBe('expired');
    expect(
      (await stripe.billingPortal.sessions.create({ customer, return_url: 'https://shop.example' })).url,
    ).toContain('/p/session/');
    expect((await stripe.subscriptions.cancel(subscription.id)).status).toBe('canceled');
  });

  it('accepts the webhooks, and refuses the forged', async () => {
    await savedCard();
    await fake.control.webhooks.idle();
    await fake.control.forge('tampered', {}, { patch: { data: { object: { id: 'other' } } } });
    await fake.control.forge('stale');
    await fake.control.forge('wrong-secret');
    await fake.control.forge('reserialised');
    const verdicts = inbox.received.map(({ body, headers }) => {
      try {
        return stripe.webhooks.constructEvent(
          body,
          headers['stripe-signature'] ?? '',
          STRIPE_DEMO.webhookSecret,
        ).type;
      } catch {
        return 'refused';
      }
    });
    expect(verdicts.slice(-4)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(verdicts.slice(-6, -4)).toEqual(['customer.created', 'payment_method.attached']);
  });
});

describe('paystack-api', () => {
  it('initialises, charges, verifies and refunds', async () => {
    const card = { code: 'AUTH_saved', email: 'asha@acme.example' };
    const fake = await startPaystackFake({ authorizations: [card] });
    const sdk = newPaystackSdk(PAYSTACK_DEMO_KEYS.test);
    sdk.endpoint = fake.url;
    try {
      const charge = { email: card.email, amount: 250_000, currency: 'NGN' };
      const begun = await sdk.transaction.initialize({ ...charge, reference: 'sdk-1' });
      expect(begun).toMatchObject({ status: true, data: { reference: 'sdk-1' } });
      await sdk.transaction.chargeAuth({ ...charge, reference: 'sdk-2', authorization_code: card.code });
      expect((await sdk.transaction.verify({ reference: 'sdk-2' })).data).toMatchObject({
        status: 'success',
        amount: 250_000,
      });
      expect((await sdk.refund.create({ transaction: 'sdk-2', amount: 1_000 })).data).toMatchObject({
        status: 'pending',
      });
      expect((await sdk.customer.create({ email: card.email })).data['customer_code']).toMatch(/^CUS_/);
      expect((await sdk.transaction.list({ perPage: 1 })).data).toHaveLength(1);
      await expect(sdk.transaction.initialize({ ...charge, reference: 'sdk-2' })).rejects.toThrow(
        'duplicate_reference',
      );
    } finally {
      await fake.stop();
    }
  });
});

describe('flutterwave-node-v3', () => {
  it('charges, verifies and refunds, and calls home in vain', async () => {
    // It takes addresses of domains that there are only.
    const card = { token: 'flw-t1nf-saved', email: 'asha@example.com' };
    const fake = await startFlutterwaveFake({ tokens: [card] });
    try {
      const charge = { ...card, currency: 'NGN', amount: 2500.5, narration: 'Invoice', tx_ref: 'sdk-1' };
      const mobile = {
        amount: 1500,
        currency: 'KES',
        email: card.email,
        tx_ref: 'sdk-2',
        phone_number: '254712345678',
      };
      const first = await flutterwaveSdk(fake.url, [
        ['Tokenized', 'charge', charge],
        ['MobileMoney', 'mpesa', mobile],
        ['Transaction', 'verify_by_tx', { tx_ref: 'sdk-1' }],
      ]);
      const [charged = {}, pushed, verified] = first.answers;
      expect(charged).toMatchObject({ status: 'success', data: { status: 'successful', amount: 2500.5 } });
      expect(pushed).toMatchObject({ data: { status: 'pending' } });
      expect(verified).toMatchObject({ data: { tx_ref: 'sdk-1' } });
      const { id } = charged['data'] as { id: number };
      const { answers } = await flutterwaveSdk(fake.url, [
        ['Transaction', 'verify', { id }],
        ['Transaction', 'refund', { id: String(id), amount: 100 }],
        ['Transaction', 'verify', { id: 1 }],
      ]);
      expect(answers).toMatchObject([
        { data: { id } },
        { data: { amount_refunded: 100 } },
        { status: 'error' },
      ]);
      expect(first.lookedFor).toContain('api.ravepay.co');
      expect(fake.truth.net('sdk-1')).toBe(240_050n);
    } finally {
      await fake.stop();
    }
  });
});
