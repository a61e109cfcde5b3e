import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { httpCall } from '../../support/http-call.js';
import { startMerchantInbox, type MerchantInbox } from '../../support/merchant-inbox.js';
import type { RunningFake } from '../frame/start-fake.js';
import { paystackSignature } from './notices.js';
import { PAYSTACK_DEMO_KEYS } from './options.js';
import { startPaystackFake } from './start-paystack-fake.js';
import type { PaystackWorld } from './world.js';

const KEY: string = PAYSTACK_DEMO_KEYS.test;
const CARD = { code: 'AUTH_saved', email: 'asha@acme.example' };
const CHARGE = { email: CARD.email, amount: 250_000, currency: 'NGN', authorization_code: CARD.code };

let fake: RunningFake<PaystackWorld>;
let receiver: MerchantInbox;

beforeAll(async () => {
  receiver = await startMerchantInbox();
  const webhookUrls = { test: `${receiver.url}/hook`, live: `${receiver.url}/live` };
  const accounts = [{ webhookUrls }];
  fake = await startPaystackFake({ accounts, authorizations: [CARD], clock: { speed: 0 }, seed: 'spec' });
});
beforeEach(async () => {
  await fake.control.reset();
  receiver.received.length = 0;
});
afterAll(async () => {
  await fake.stop();
  await receiver.stop();
});

const post = (path: string, json: object, key = KEY) =>
  httpCall(fake.url + path, { json, headers: { authorization: `Bearer ${key}` } });
const get = (path: string) => httpCall(fake.url + path, { headers: { authorization: `Bearer ${KEY}` } });
const charge = (reference: string, more = {}) =>
  post('/transaction/charge_authorization', { ...CHARGE, reference, ...more });
const webhooks = () =>
  receiver.received.map(({ body }) => JSON.parse(body) as { event: string; data: Record<string, unknown> });

describe('a fake Paystack is strict', () => {
  it('knows its keys only', async () => {
    const answer = await post('/transaction/initialize', CHARGE, 'sk_test_other');
    expect(answer.status).toBe(401);
    expect(answer.at()).toMatchObject({ status: false, message: 'Invalid key' });
  });

  it.each([
    ['no e-mail address', { email: undefined }, 'missing_params'],
    ['an address that is none', { email: 'asha' }, 'invalid_email_address'],
    ['no amount', { amount: undefined }, 'missing_params'],
    ['a broken amount', { amount: 2500.5 }, 'invalid_amount'],
    ['an amount below the minimum', { amount: 4_999 }, 'invalid_amount'],
    ['a currency that is not enabled', { currency: 'UGX' }, 'unsupported_currency'],
    ['a fraction of XOF', { amount: 500_050, currency: 'XOF' }, 'invalid_amount'],
    ['a reference with an underscore', { reference: 'nova_1' }, 'invalid_reference'],
    ['a channel that there is not', { channels: ['cheque'] }, 'invalid_channels'],
  ])('refuses %s', async (_what, change, code) => {
    const answer = await post('/transaction/initialize', { ...CHARGE, ...change });
    expect([answer.status, answer.at('status'), answer.at('code')]).toEqual([400, false, code]);
  });

  it('refuses a body that is no JSON, and an address that there is not', async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'text/plain' };
    const plain = await httpCall(`${fake.url}/transaction/initialize`, {
      body: JSON.stringify(CHARGE),
      headers,
    });
    expect(plain.status).toBe(400);
    expect((await get('/transaction/verify/a/refund')).status).toBe(404);
  });

  it('refuses another e-mail address than the card’s, and a card that is not to be used again', async () => {
    expect((await charge('e-1', { email: 'other@acme.example' })).at('code')).toBe('email_mismatch');
    await fake.control.mode('card-not-reusable', { code: CARD.code });
    expect((await charge('e-2')).at('code')).toBe('authorization_not_reusable');
    expect(fake.truth.all()).toEqual([]);
  });
});

describe('a fake Paystack charges', () => {
  it('once for a reference, whatever is asked', async () => {
    expect((await charge('once')).at('data.status')).toBe('success');
    const second = await charge('once');
    expect([second.status, second.at('code')]).toEqual([400, 'duplicate_reference']);
    expect(fake.truth.captures('once')).toHaveLength(1);
    fake.truth.assertSound();
  });

  it('leaves one capture behind a connection that drops after it', async () => {
    fake.control.script({ match: { ref: 'lost' }, do: { drop: 'after-commit' } });
    await expect(charge('lost')).rejects.toThrow('fetch failed');
    expect(fake.truth.captures('lost')).toHaveLength(1);
    expect((await get('/transaction/verify/lost')).at('data.status')).toBe('success');
    fake.control.script({ match: { ref: 'never' }, do: { drop: 'before' } });
    await expect(charge('never')).rejects.toThrow('fetch failed');
    expect((await get('/transaction/verify/never')).status).toBe(404);
  });

  it.each([
    ['charge-insufficient-funds', 'failed', 'Insufficient Funds'],
    ['charge-fraud', 'failed', 'Denied by fraud system'],
    ['charge-pending', 'pending', 'The transaction was not completed'],
  ])('with HTTP 200 though it is %s', async (mode, status, says) => {
    await fake.control.mode(mode);
    const answer = await charge('said-no');
    expect(answer.status).toBe(200);
    expect([answer.at('data.status'), answer.at('data.gateway_response')]).toEqual([status, says]);
    expect(fake.truth.net('said-no')).toBe(0n);
  });

  it('after a challenge at the checkout', async () => {
    await fake.control.mode('charge-paused', { ref: 'paused' });
    const answer = await charge('paused');
    expect(answer.at('data.paused')).toBe(true);
    await httpCall(`${String(answer.at('data.authorization_url'))}/pay`, { method: 'POST' });
    expect((await get('/transaction/verify/paused')).at('data.status')).toBe('success');
  });

  it('at the checkout, even after the customer had gone away', async () => {
    const callback_url = 'https://shop.example/back?x=1';
    const begun = await post('/transaction/initialize', { ...CHARGE, reference: 'late', callback_url });
    const page = String(begun.at('data.authorization_url'));
    expect((await httpCall(page)).text).toContain('Pay NGN 2500.00');
    const declined = await httpCall(`${page}/decline`, { method: 'POST' });
    expect(declined.headers.get('location')).toBe('https://shop.example/back?x=1&trxref=late&reference=late');
    expect((await get('/transaction/verify/late')).at('data.status')).toBe('failed');
    await httpCall(`${page}/pay`, { method: 'POST' });
    expect((await get('/transaction/verify/late')).at('data')).toMatchObject({
      status: 'success',
      amount: 250_000,
    });
    expect(fake.truth.captures('late')).toHaveLength(1);
  });

  it('more than was asked when the customer bears the fee', async () => {
    await fake.control.mode('customer-bears-fee');
    await charge('fee');
    expect((await get('/transaction/verify/fee')).at('data')).toMatchObject({
      requested_amount: 250_000,
      amount: 253_750,
    });
  });

  it.each([
    ['verify-other-currency', { currency: 'USD' }],
    ['verify-other-amount', { amount: 100 }],
    ['verify-other-domain', { domain: 'live' }],
    ['verify-metadata-empty', { metadata: '' }],
    ['verify-metadata-zero', { metadata: 0 }],
    ['verify-metadata-text', { metadata: '{"tenant":"acme"}' }],
  ])('and %s once', async (mode, said) => {
    await charge('told', { metadata: { tenant: 'acme' } });
    await fake.control.mode(mode, { ref: 'told' });
    expect((await get('/transaction/verify/told')).at('data')).toMatchObject(said);
    expect((await get('/transaction/verify/told')).at('data')).toMatchObject({
      currency: 'NGN',
      domain: 'test',
      metadata: { tenant: 'acme' },
    });
  });

  it('and says so by webhook before verify does', async () => {
    await fake.control.mode('verify-lags');
    await charge('lagging');
    await fake.control.webhooks.idle();
    expect(webhooks()[0]).toMatchObject({ event: 'charge.success', data: { reference: 'lagging' } });
    expect((await get('/transaction/verify/lagging')).at('data.status')).toBe('ongoing');
    await fake.control.clock.advance(2_000);
    expect((await get('/transaction/verify/lagging')).at('data.status')).toBe('success');
  });
});

describe('a fake Paystack refunds', () => {
  it('in parts, never more than was taken, and tells each step', async () => {
    await charge('back');
    const refund = (amount?: number) =>
      post('/refund', { transaction: 'back', ...(amount ? { amount } : {}) });
    const first = await refund(100_000);
    expect(first.at('data')).toMatchObject({ status: 'pending', amount: 100_000 });
    expect((await refund(150_001)).status).toBe(400);
    await refund();
    expect((await refund(1)).status).toBe(400);
    expect(fake.truth.net('back')).toBe(250_000n);
    await fake.control.clock.advance(120_000);
    await fake.control.webhooks.idle();
    expect(fake.truth.net('back')).toBe(0n);
    expect(webhooks().map(({ event }) => event)).toContain('refund.processing');
    const processed = webhooks().find(({ event }) => event === 'refund.processed');
    expect(typeof processed?.data['amount']).toBe('string');
    const listed = await get('/refund?transaction=back');
    expect(listed.at('meta.total')).toBe(2);
  });

  it('not at all, or with the customer’s help', async () => {
    await charge('help');
    await fake.control.mode('refund-needs-attention', { ref: 'help' });
    const id = String((await post('/refund', { transaction: 'help' })).at('data.id'));
    await fake.control.clock.advance(120_000);
    expect((await get(`/refund/${id}`)).at('data.status')).toBe('needs-attention');
    const refund_account_details = { currency: 'NGN', account_number: '0000000000', bank_id: '9' };
    await post(`/refund/retry_with_customer_details/${id}`, { refund_account_details });
    await fake.control.clock.advance(120_000);
    expect((await get(`/refund/${id}`)).at('data.status')).toBe('processed');
  });
});

describe('the webhooks of a fake Paystack', () => {
  it('are signed over their bytes, in which slashes are escaped', async () => {
    await charge('signed', { metadata: { page: 'https://shop.example/ö' } });
    await fake.control.webhooks.idle();
    const [hook] = receiver.received;
    expect(hook?.body).toContain('https:\\/\\/shop.example');
    expect(hook?.headers['x-paystack-signature']).toBe(paystackSignature(hook?.body ?? '', KEY));
    expect(paystackSignature(JSON.stringify(JSON.parse(hook?.body ?? '')), KEY)).not.toBe(
      hook?.headers['x-paystack-signature'],
    );
  });

  it('are sent again after three minutes until 200 comes back', async () => {
    receiver.answers = [500, 302];
    await charge('again');
    await fake.control.webhooks.idle();
    expect(receiver.received).toHaveLength(1);
    await fake.control.clock.advance(3 * 60_000);
    await fake.control.clock.advance(3 * 60_000);
    expect(receiver.received).toHaveLength(3);
    expect(fake.control.lastDelivery({ ref: 'again' })).toMatchObject({ state: 'delivered' });
  });

  it('can be held, turned round, repeated and forged', async () => {
    fake.control.webhooks.dispatch = 'held';
    await charge('order');
    await post('/refund', { transaction: 'order', amount: 1_000 });
    await fake.control.clock.advance(120_000);
    expect(receiver.received).toEqual([]);
    await fake.control.webhooks.reorder({ ref: 'order' });
    expect(webhooks().map(({ event }) => event)).toEqual([
      'refund.processed',
      'refund.processing',
      'refund.pending',
      'charge.success',
    ]);
    await fake.control.webhooks.replay({ event: 'charge.success' });
    expect(receiver.received.at(-1)?.body).toBe(receiver.received.at(-2)?.body);
    await fake.control.forge('tampered', { event: 'charge.success' });
    const forged = receiver.received.at(-1);
    expect(forged?.headers['x-paystack-signature']).not.toBe(paystackSignature(forged?.body ?? '', KEY));
    await fake.control.forge('unsigned', { event: 'charge.success' });
    expect(receiver.received.at(-1)?.headers).not.toHaveProperty('x-paystack-signature');
    await fake.control.mode('live-webhook-to-test', { ref: 'order' });
    await fake.control.webhooks.emit();
    expect(webhooks().at(-1)).toMatchObject({ data: { domain: 'live' } });
    await fake.control.advance({ ref: 'order', to: 'dispute' });
    await fake.control.webhooks.emit();
    expect(webhooks().at(-1)?.event).toBe('charge.dispute.create');
  });

  it('are signed by the new key once keys are changed', async () => {
    await charge('turned');
    await fake.control.webhooks.idle();
    await fake.control.mode('rotate-keys', { key: 'sk_test_new' });
    expect((await get('/transaction')).status).toBe(401);
    await fake.control.forge('patched', { ref: 'turned' }, { secret: 'sk_test_new' });
    const hook = receiver.received.at(-1);
    expect(hook?.headers['x-paystack-signature']).toBe(paystackSignature(hook?.body ?? '', 'sk_test_new'));
  });
});
