import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { httpCall } from '../../support/http-call.js';
import { startMerchantInbox, type MerchantInbox } from '../../support/merchant-inbox.js';
import type { RunningFake } from '../frame/start-fake.js';
import { FLUTTERWAVE_DEMO } from './options.js';
import { startFlutterwaveFake } from './start-flutterwave-fake.js';
import type { FlutterwaveWorld } from './world.js';

const CARD = { token: 'flw-t1nf-saved', email: 'asha@acme.example' };
const CHARGE = { ...CARD, currency: 'NGN', amount: 2500, country: 'NG' };
const CHECKOUT = {
  amount: 2500,
  currency: 'NGN',
  redirect_url: 'https://shop.example/back',
  customer: { email: CARD.email },
};

let fake: RunningFake<FlutterwaveWorld>;
let receiver: MerchantInbox;

beforeAll(async () => {
  receiver = await startMerchantInbox();
  const accounts = [{ webhookUrl: `${receiver.url}/hook` }];
  fake = await startFlutterwaveFake({ accounts, tokens: [CARD], clock: { speed: 0 }, seed: 'spec' });
});
beforeEach(async () => {
  await fake.control.reset();
  receiver.received.length = 0;
});
afterAll(async () => {
  await fake.stop();
  await receiver.stop();
});

const headers = { authorization: `Bearer ${FLUTTERWAVE_DEMO.secretKey}` };
const post = (path: string, json: object) => httpCall(`${fake.url}/v3${path}`, { json, headers });
const get = (path: string) => httpCall(`${fake.url}/v3${path}`, { headers });
const charge = (tx_ref: string, more = {}) => post('/tokenized-charges', { ...CHARGE, tx_ref, ...more });
const verify = (tx_ref: string) => get(`/transactions/verify_by_reference?tx_ref=${tx_ref}`);
const webhooks = async () => {
  await fake.control.webhooks.idle();
  return receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
};

describe('a fake Flutterwave is strict', () => {
  it('knows its keys only', async () => {
    const url = `${fake.url}/v3/transactions/1/verify`;
    expect((await httpCall(url)).at()).toEqual({
      status: 'error',
      message: 'Authorization required',
      data: null,
    });
    expect((await httpCall(url, { headers: { authorization: 'Bearer FLWSECK-other' } })).status).toBe(401);
  });

  it.each([
    ['no reference', { tx_ref: undefined }, 'tx_ref is required'],
    ['no customer', { customer: undefined }, 'customer is required'],
    ['an address that is none', { customer: { email: 'asha' } }, 'email must be a valid email'],
    ['three decimals', { amount: 1.005 }, 'at most 2 decimal places'],
    ['what a float makes of an amount', { amount: 115034.99999999999 }, 'at most 2 decimal places'],
    ['an unknown currency', { currency: 'DZD' }, 'currency DZD is not supported'],
    ['a fraction of UGX', { currency: 'UGX', amount: 10.5 }, 'amount must be whole'],
    ['too long a session', { session_duration: 1_441 }, 'session_duration'],
  ])('refuses %s', async (_what, change, message) => {
    const answer = await post('/payments', { tx_ref: 'strict', ...CHECKOUT, ...change });
    expect([answer.status, answer.at('status'), answer.at('data')]).toEqual([400, 'error', null]);
    expect(answer.at('message')).toContain(message);
  });

  it('takes naira where no currency is named', async () => {
    await charge('naira', { currency: undefined });
    expect((await verify('naira')).at('data.currency')).toBe('NGN');
  });
});

describe('a fake Flutterwave charges', () => {
  it('a saved card once, and says no to its reference afterwards', async () => {
    expect((await charge('once')).at('data')).toMatchObject({ status: 'successful', amount: 2500 });
    expect((await charge('once')).status).toBe(400);
    expect(fake.truth.net('once')).toBe(250_000n);
    expect(fake.truth.violations()).toEqual([]);
  });

  it('and answers 503 after all', async () => {
    await fake.control.mode('gateway-timeout', { ref: 'slow', delayMs: 20 });
    const answer = await charge('slow');
    expect([answer.status, answer.at('data')]).toEqual([503, null]);
    expect(fake.truth.captures('slow')).toHaveLength(1);
    expect((await verify('slow')).at('data.status')).toBe('successful');
  });

  it('not with another’s e-mail address, an old token or an empty account', async () => {
    expect((await charge('a', { email: 'other@acme.example' })).at('message')).toBe(
      'Wrong token or email passed',
    );
    await fake.control.mode('charge-insufficient-funds');
    expect((await charge('b')).at('message')).toBe('Insufficient Funds');
    await fake.control.mode('token-expired', { token: CARD.token });
    expect((await charge('c')).at('message')).toBe('Token has expired');
    const unknown = await verify('b');
    expect([unknown.status, unknown.at('status')]).toEqual([200, 'error']);
  });

  it('with the holder of the card where it may not be without', async () => {
    await fake.control.mode('never-unattended');
    const answer = await charge('asked');
    expect(answer.at('data.status')).toBe('pending');
    const page = String(answer.at('meta.authorization.redirect'));
    expect((await httpCall(page)).text).toContain('NGN 2500');
    await httpCall(`${page}/approve`, { method: 'POST' });
    expect((await verify('asked')).at('data.status')).toBe('successful');
  });

  it('on its page, after a card that was declined, in two transactions of one reference', async () => {
    const begun = await post('/payments', { tx_ref: 'hosted', ...CHECKOUT, amount: 1150.35 });
    const page = String(begun.at('data.link'));
    expect((await httpCall(page)).text).toContain('Pay NGN 1150.35');
    await httpCall(`${page}/decline`, { method: 'POST' });
    expect((await verify('hosted')).at('data.status')).toBe('failed');
    const paid = await httpCall(`${page}/pay`, { method: 'POST' });
    expect(paid.headers.get('location')).toMatch(/back\?status=successful&tx_ref=hosted&transaction_id=\d+$/);
    expect((await verify('hosted')).text).toContain('"amount":1150.35,');
    expect((await webhooks()).map((hook) => (hook['data'] as { status: string }).status)).toEqual([
      'failed',
      'successful',
    ]);
    expect((await get('/transactions?tx_ref=hosted')).at('meta.page_info.total')).toBe(2);
    expect(fake.truth.captures('hosted')).toHaveLength(1);
  });

  it('phones, and bank accounts by a code', async () => {
    const mobile = {
      tx_ref: 'phone',
      amount: 1500,
      currency: 'KES',
      email: CARD.email,
      phone_number: '254712345678',
    };
    expect((await post('/charges?type=mpesa', { ...mobile, currency: 'NGN' })).status).toBe(400);
    const begun = await post('/charges?type=mpesa', mobile);
    expect([begun.at('message'), begun.at('data.status')]).toEqual(['Charge initiated', 'pending']);
    await fake.control.advance({ ref: 'phone', to: 'success' });
    expect((await verify('phone')).at('data.status')).toBe('successful');
    const bank = await post('/charges?type=debit_ng_account', { ...mobile, tx_ref: 'bank', currency: 'NGN' });
    const flw_ref = bank.at('data.flw_ref');
    expect((await post('/validate-charge', { flw_ref, otp: '00000' })).status).toBe(400);
    expect((await post('/validate-charge', { flw_ref, otp: '12345' })).at('data.status')).toBe('successful');
  });

  it.each([
    ['verify-charged-more', '"charged_amount":2600.00'],
    ['verify-amount-text', '"amount":"2500.00"'],
    ['verify-amount-decimals', '"amount":1150.35'],
    ['verify-other-amount', '"amount":1,'],
  ])('and %s', async (mode, says) => {
    await charge('told');
    await fake.control.mode(mode);
    expect((await verify('told')).text).toContain(says);
  });
});

describe('a fake Flutterwave refunds', () => {
  it('in parts, and never more than was taken', async () => {
    const id = String((await charge('back')).at('data.id'));
    const first = await post(`/transactions/${id}/refund`, { amount: 1000.5 });
    expect(first.at('data')).toMatchObject({ amount_refunded: 1000.5, status: 'completed' });
    expect((await post(`/transactions/${id}/refund`, { amount: 1499.51 })).status).toBe(400);
    await fake.control.mode('refund-pending');
    const rest = await post(`/transactions/${id}/refund`, {});
    expect(rest.at('data.status')).toBe('pending');
    await fake.control.mode('refund-webhooks');
    await fake.control.advance({ refund: 'back', to: 'completed' });
    expect((await get(`/refunds/${String(rest.at('data.id'))}`)).at('data.status')).toBe('completed');
    expect(fake.truth.net('back')).toBe(0n);
    expect((await webhooks()).at(-1)).toMatchObject({ AmountRefunded: 1499.5, status: 'completed' });
  });
});

describe('the webhooks of a fake Flutterwave', () => {
  it('carry the secret, so that a changed body passes', async () => {
    await charge('forged');
    await webhooks();
    await fake.control.forge('tampered', { ref: 'forged' });
    const forged = receiver.received.at(-1);
    expect(forged?.headers['verif-hash']).toBe(FLUTTERWAVE_DEMO.secretHash);
    expect((await webhooks()).at(-1)).toMatchObject({ data: { amount: 25_000 } });
    await fake.control.forge('wrong-secret', { ref: 'forged' });
    expect(receiver.received.at(-1)?.headers['verif-hash']).not.toBe(FLUTTERWAVE_DEMO.secretHash);
  });

  it('come once, unless retries are turned on', async () => {
    receiver.answers = [500];
    await charge('lost');
    await webhooks();
    expect(fake.control.lastDelivery().state).toBe('failed');
    await fake.control.mode('webhook-retries');
    receiver.answers = [500, 500];
    await charge('found');
    await webhooks();
    for (let times = 0; times < 2; times++) await fake.control.clock.advance(30 * 60_000);
    expect(fake.control.lastDelivery()).toMatchObject({ state: 'delivered' });
    expect(receiver.received).toHaveLength(4);
  });

  it('have two shapes, and can be asked for once more', async () => {
    const id = String((await charge('shape')).at('data.id'));
    expect((await webhooks()).at(-1)).toMatchObject({ event: 'charge.completed', data: { tx_ref: 'shape' } });
    await fake.control.mode('webhooks-flat');
    await post(`/transactions/${id}/resend-hook`, {});
    const flat = (await webhooks()).at(-1);
    expect(flat).toMatchObject({ txRef: 'shape', status: 'successful', 'event.type': 'CARD_TRANSACTION' });
    expect(flat).not.toHaveProperty('data');
  });
});
