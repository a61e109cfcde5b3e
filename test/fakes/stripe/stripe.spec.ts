import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { httpCall } from '../../support/http-call.js';
import { startMerchantInbox, type MerchantInbox } from '../../support/merchant-inbox.js';
import type { RunningFake } from '../frame/start-fake.js';
import { STRIPE_DEMO } from './options.js';
import { stripeHeader } from './signature.js';
import { startStripeFake } from './start-stripe-fake.js';
import type { StripeWorld } from './world.js';

let fake: RunningFake<StripeWorld>;
let receiver: MerchantInbox;

beforeAll(async () => {
  receiver = await startMerchantInbox();
  fake = await startStripeFake({
    endpoints: [{ url: `${receiver.url}/hook` }],
    clock: { speed: 0 },
    seed: 'spec',
  });
});
beforeEach(async () => {
  await fake.control.reset();
  receiver.received.length = 0;
});
afterAll(async () => {
  await fake.stop();
  await receiver.stop();
});

const authorization = `Bearer ${STRIPE_DEMO.testKey}`;
const post = (path: string, form: Record<string, string>, key?: string) =>
  httpCall(`${fake.url}/v1${path}`, {
    form,
    headers: { authorization, ...(key ? { 'idempotency-key': key } : {}) },
  });
const get = (path: string) => httpCall(`${fake.url}/v1${path}`, { headers: { authorization } });
const events = async () => {
  await fake.control.webhooks.idle();
  return receiver.received.map(
    ({ body }) => JSON.parse(body) as { id: string; type: string; data: { object: Record<string, unknown> } },
  );
};
const typesOf = async () => (await events()).map(({ type }) => type);
const savedCard = async (card = 'pm_card_visa') => {
  const customer = String((await post('/customers', { email: 'asha@acme.example' })).at('id'));
  const id = String((await post(`/payment_methods/${card}/attach`, { customer })).at('id'));
  return { customer, payment_method: id };
};
const charge = (card: Record<string, string>, reference: string, more = {}, key = reference) =>
  post(
    '/payment_intents',
    {
      amount: '250000',
      currency: 'ngn',
      confirm: 'true',
      off_session: 'true',
      'metadata[reference]': reference,
      ...card,
      ...more,
    },
    key,
  );
const checkout = (more: Record<string, string> = {}) =>
  post('/checkout/sessions', {
    mode: 'payment',
    success_url: 'https://shop.example/done?s={CHECKOUT_SESSION_ID}',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '1999',
    'line_items[0][price_data][product_data][name]': 'Invoice',
    'payment_intent_data[metadata][reference]': 'checkout',
    ...more,
  });

describe('a fake Stripe is strict', () => {
  it('knows its keys only', async () => {
    const answer = await httpCall(`${fake.url}/v1/balance`, {
      headers: { authorization: 'Bearer sk_test_other' },
    });
    expect([answer.status, answer.at('error.type')]).toEqual([401, 'invalid_request_error']);
    expect((await get('/nothing')).at('error.message')).toContain('Unrecognized request URL');
  });

  it.each([
    ['an unknown parameter', { amout: '1' }, 'parameter_unknown', 'amout'],
    ['no currency', { currency: '' }, 'parameter_missing', 'currency'],
    ['a broken amount', { amount: '10.5' }, 'parameter_invalid_integer', 'amount'],
    ['cedis', { currency: 'ghs' }, undefined, 'currency'],
    ['too little', { amount: '49', currency: 'usd' }, 'amount_too_small', 'amount'],
    ['a fraction of UGX', { amount: '500050', currency: 'ugx' }, 'parameter_invalid_integer', 'amount'],
    ['another’s customer', { customer: 'cus_other' }, 'resource_missing', 'customer'],
    ['text for an object', { metadata: 'text' }, undefined, 'metadata'],
  ])('refuses %s', async (_what, change, code, param) => {
    const answer = await post('/payment_intents', { amount: '250000', currency: 'ngn', ...change });
    expect([answer.at('error.type'), answer.at('error.code'), answer.at('error.param')]).toEqual([
      'invalid_request_error',
      code,
      param,
    ]);
  });

  it('keeps test and live apart', async () => {
    const { customer } = await savedCard();
    const live = { authorization: `Bearer ${STRIPE_DEMO.liveKey}` };
    expect((await httpCall(`${fake.url}/v1/customers/${customer}`, { headers: live })).status).toBe(404);
  });
});

describe('the idempotency of a fake Stripe', () => {
  it('replays an answer, and refuses another request of the same key', async () => {
    const card = await savedCard();
    const first = await charge(card, 'once');
    const again = await charge(card, 'once');
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await charge(card, 'once', { amount: '1' });
    expect([other.status, other.at('error.type')]).toEqual([400, 'idempotency_error']);
    expect(fake.truth.captures('once')).toHaveLength(1);
  });

  it('refuses a key whose work is under way', async () => {
    const card = await savedCard();
    await fake.control.mode('slow-work', { workMs: 300 });
    const slow = charge(card, 'slow');
    await expect.poll(() => fake.control.world.keys.size).toBe(1);
    expect((await charge(card, 'slow')).status).toBe(409);
    expect((await slow).status).toBe(200);
  });

  it('replays an error of the server too, though the work is done', async () => {
    const card = await savedCard();
    await fake.control.mode('stored-500');
    expect((await charge(card, 'broken')).status).toBe(500);
    expect((await charge(card, 'broken')).status).toBe(500);
    expect(fake.truth.captures('broken')).toHaveLength(1);
  });

  it('makes good a connection that ends after the work', async () => {
    const card = await savedCard();
    await fake.control.mode('reset-after');
    await expect(charge(card, 'lost')).rejects.toThrow('fetch failed');
    expect((await charge(card, 'lost')).at('status')).toBe('succeeded');
    await expect(charge(card, 'lost', {}, 'another-key')).resolves.toMatchObject({ status: 200 });
    expect(fake.truth.violations()).toEqual([expect.stringContaining('lost was captured 2 times')]);
  });
});

describe('a fake Stripe charges', () => {
  it.each([
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_authenticationRequired', 'authentication_required', 'authentication_required'],
  ])('not %s', async (card, code, declineCode) => {
    const answer = await charge(await savedCard(card), 'declined');
    expect([answer.status, answer.at('error.type')]).toEqual([402, 'card_error']);
    expect([answer.at('error.code'), answer.at('error.decline_code')]).toEqual([code, declineCode]);
    expect(answer.at('error.payment_intent.status')).toBe('requires_payment_method');
    expect(await typesOf()).toContain('payment_intent.payment_failed');
    expect(fake.truth.all()).toEqual([]);
  });

  it('a card whose holder confirms', async () => {
    const card = await savedCard('pm_card_authenticationRequired');
    const answer = await charge(card, 'sca', {
      off_session: 'false',
      return_url: 'https://shop.example/back',
    });
    expect(answer.at('status')).toBe('requires_action');
    const page = String(answer.at('next_action.redirect_to_url.url'));
    const back = await httpCall(`${page}/approve`, { method: 'POST' });
    expect(back.headers.get('location')).toContain('payment_intent=pi_');
    expect(fake.truth.captures('sca')).toHaveLength(1);
  });

  it('and may take its time', async () => {
    const answer = await charge(await savedCard('pm_card_processing'), 'slowly');
    expect(answer.at('status')).toBe('processing');
    await fake.control.advance({ id: String(answer.at('id')), to: 'succeeded' });
    const read = await get(`/payment_intents/${String(answer.at('id'))}?expand[]=latest_charge`);
    expect([read.at('amount_received'), read.at('latest_charge.captured')]).toEqual([250_000, true]);
  });

  it('in whole francs, and can be disputed', async () => {
    const answer = await charge(await savedCard(), 'francs', { amount: '5000', currency: 'xof' });
    expect(fake.truth.net('francs')).toBe(5_000n);
    await fake.control.advance({ id: String(answer.at('id')), to: 'dispute' });
    expect(await typesOf()).toContain('charge.dispute.created');
  });

  it('and captures later where it was told to', async () => {
    const held = await charge(await savedCard(), 'held', { capture_method: 'manual' });
    expect([held.at('status'), fake.truth.all().length]).toEqual(['requires_capture', 0]);
    await post(`/payment_intents/${String(held.at('id'))}/capture`, { amount_to_capture: '1000' });
    expect(fake.truth.net('held')).toBe(1_000n);
  });
});

describe('a checkout of a fake Stripe', () => {
  it('is paid on its page, after a card that was declined', async () => {
    const session = await checkout();
    const page = String(session.at('url'));
    expect((await httpCall(page)).text).toContain('Pay by card');
    await httpCall(`${page}/decline`, { method: 'POST' });
    const paid = await httpCall(`${page}/card`, { method: 'POST' });
    expect(paid.headers.get('location')).toBe(`https://shop.example/done?s=${String(session.at('id'))}`);
    const read = await get(`/checkout/sessions/${String(session.at('id'))}?expand[]=payment_intent`);
    expect([read.at('status'), read.at('payment_status'), read.at('payment_intent.status')]).toEqual([
      'complete',
      'paid',
      'succeeded',
    ]);
    expect(fake.truth.net('checkout')).toBe(1_999n);
    expect((await httpCall(page)).status).toBe(404);
  });

  it.each(['succeeded', 'failed'] as const)('is complete before the bank has %s', async (to) => {
    const id = String((await checkout()).at('id'));
    await fake.control.advance({ id, to: 'bank' });
    expect((await get(`/checkout/sessions/${id}`)).at()).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
    await fake.control.advance({ id, to });
    expect(await typesOf()).toContain(`checkout.session.async_payment_${to}`);
    expect(fake.truth.net('checkout')).toBe(to === 'succeeded' ? 1_999n : 0n);
  });

  it('expires, and is paid all the same', async () => {
    const id = String((await checkout()).at('id'));
    await fake.control.clock.advance(24 * 3_600_000);
    await fake.control.advance({ id, to: 'paid-late' });
    expect(await typesOf()).toEqual([
      'checkout.session.expired',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
    expect((await get(`/checkout/sessions/${id}`)).at('status')).toBe('expired');
  });

  it('saves a card, and takes no more than it has to', async () => {
    const customer = String((await post('/customers', {})).at('id'));
    const form = { mode: 'setup', currency: 'usd', success_url: 'https://shop.example/done', customer };
    const session = await post('/checkout/sessions', form);
    await httpCall(`${String(session.at('url'))}/card`, { method: 'POST' });
    expect(await typesOf()).toContain('setup_intent.succeeded');
    expect((await get(`/payment_methods?customer=${customer}`)).at('data.0.customer')).toBe(customer);
    expect((await checkout({ mode: 'subscription' })).status).toBe(400);
  });

  it('sells a subscription, which renews, fails and ends', async () => {
    const month = { 'line_items[0][price_data][recurring][interval]': 'month' };
    const session = await checkout({
      mode: 'subscription',
      'payment_intent_data[metadata][reference]': '',
      ...month,
    });
    const paid = await httpCall(`${String(session.at('url'))}/card`, { method: 'POST' });
    expect(paid.status).toBe(303);
    const id = String((await get(`/checkout/sessions/${String(session.at('id'))}`)).at('subscription'));
    const subscription = await get(`/subscriptions/${id}?expand[]=latest_invoice`);
    expect(subscription.at('latest_invoice.parent.subscription_details.subscription')).toBe(id);
    await fake.control.advance({ id, to: 'renewed' });
    expect(fake.truth.all()).toHaveLength(2);
    const card = String(subscription.at('default_payment_method'));
    await fake.control.mode('card-becomes', { id: card, behaviour: 'insufficient_funds' });
    await fake.control.advance({ id, to: 'renewed' });
    expect((await get(`/subscriptions/${id}`)).at('status')).toBe('past_due');
    await httpCall(`${fake.url}/v1/subscriptions/${id}`, { method: 'DELETE', headers: { authorization } });
    const types = await typesOf();
    for (const type of ['invoice.paid', 'invoice.payment_failed', 'customer.subscription.deleted'])
      expect(types).toContain(type);
    fake.truth.assertSound();
  });
});

describe('a fake Stripe refunds', () => {
  it('in parts, never more than was taken, and sometimes not in the end', async () => {
    const intent = String((await charge(await savedCard(), 'back')).at('id'));
    const refund = (amount?: string) =>
      post('/refunds', { payment_intent: intent, ...(amount ? { amount } : {}) });
    expect((await refund('100000')).at('status')).toBe('succeeded');
    expect((await refund('150001')).at('error.param')).toBe('amount');
    await fake.control.mode('refund-pending');
    const rest = await refund();
    expect(rest.at('status')).toBe('pending');
    expect((await refund()).at('error.code')).toBe('charge_already_refunded');
    await fake.control.advance({ id: String(rest.at('id')), to: 'succeeded' });
    expect(fake.truth.net('back')).toBe(0n);
    await fake.control.advance({ id: String(rest.at('id')), to: 'failed' });
    expect(fake.truth.net('back')).toBe(150_000n);
    expect(await typesOf()).toContain('refund.failed');
    expect((await get(`/refunds?payment_intent=${intent}`)).at('data.length')).toBe(2);
  });
});

describe('the webhooks of a fake Stripe', () => {
  it('are signed with their moment, by both secrets while one is rolled', async () => {
    await fake.control.mode('rolling-secret', { secret: 'whsec_new' });
    await savedCard();
    await fake.control.webhooks.idle();
    const [hook] = receiver.received;
    const at = Math.floor(fake.control.clock.now() / 1_000);
    expect(hook?.headers['stripe-signature']).toBe(
      stripeHeader(hook?.body ?? '', `whsec_new ${STRIPE_DEMO.webhookSecret}`, at),
    );
    await fake.control.forge('stale', {});
    expect(receiver.received.at(-1)?.headers['stripe-signature']).toContain(`t=${at - 3_600},`);
  });

  it('come twice, under one identifier or two, and in any order', async () => {
    fake.control.webhooks.dispatch = 'held';
    await fake.control.mode('twin-events');
    await savedCard();
    await fake.control.webhooks.reorder();
    const [attached, one, other] = await events();
    expect([attached?.type, one?.type, other?.type]).toEqual([
      'payment_method.attached',
      'customer.created',
      'customer.created',
    ]);
    expect(one?.data).toEqual(other?.data);
    expect(one?.id).not.toBe(other?.id);
    await fake.control.webhooks.replay({ event: 'payment_method.attached' });
    expect((await events()).at(-1)?.id).toBe(attached?.id);
    await fake.control.forge('patched', {}, { patch: { livemode: true } });
    expect((await events()).at(-1)).toMatchObject({ livemode: true });
    expect((await get(`/events/${String(one?.id)}`)).at('type')).toBe('customer.created');
  });

  it('go to addresses that are made by the API', async () => {
    const endpoint = await post('/webhook_endpoints', {
      url: `${receiver.url}/mine`,
      'enabled_events[]': 'customer.created',
    });
    expect(endpoint.at('secret')).toMatch(/^whsec_/);
    await savedCard();
    await fake.control.webhooks.idle();
    expect(receiver.received.filter(({ path }) => path === '/mine')).toHaveLength(1);
  });
});
