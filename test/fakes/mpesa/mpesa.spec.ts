import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { httpCall } from '../../support/http-call.js';
import { MpesaMerchant } from '../../support/mpesa-merchant.js';
import { startMerchantInbox, type MerchantInbox } from '../../support/merchant-inbox.js';
import type { RunningFake } from '../frame/start-fake.js';
import { MPESA_DEMO } from './options.js';
import { startMpesaFake } from './start-mpesa-fake.js';
import type { MpesaWorld } from './world.js';

/** Only Linux has the whole network of the loopback. */
const ELSEWHERE = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

let fake: RunningFake<MpesaWorld>;
let receiver: MerchantInbox;
let merchant: MpesaMerchant;

beforeAll(async () => {
  receiver = await startMerchantInbox();
  fake = await startMpesaFake({
    otherwise: 'approve',
    clock: { speed: 0 },
    seed: 'spec',
    validationTimeoutMs: 200,
  });
});
beforeEach(async () => {
  await fake.control.reset();
  receiver.received.length = 0;
  receiver.delayMs = 0;
  merchant = new MpesaMerchant(fake.url, receiver.url);
  await merchant.login();
});
afterAll(async () => {
  await fake.stop();
  await receiver.stop();
});

const pass = async (seconds: number) => {
  await fake.control.clock.advance(seconds * 1_000);
  await fake.control.webhooks.idle();
};
const callbacks = () =>
  receiver.received.map(
    ({ body }) => (JSON.parse(body) as { Body: { stkCallback: Record<string, unknown> } }).Body.stkCallback,
  );
const results = () =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { Result: Record<string, unknown> }).Result);

describe('a fake M-Pesa is strict', () => {
  it('answers wrong credentials with nothing, and a wrong way of asking with a code', async () => {
    const at = `${fake.url}/oauth/v1/generate`;
    const headers = { authorization: 'Basic bm92YTpub3Zh' };
    const wrong = await httpCall(`${at}?grant_type=client_credentials`, { headers });
    expect([wrong.status, wrong.text]).toEqual([400, '']);
    expect((await httpCall(at, { headers })).at('errorCode')).toBe('400.008.02');
  });

  it('lets a new token end the one before', async () => {
    const old = String((await merchant.login()).at('access_token'));
    expect((await merchant.push()).status).toBe(200);
    await merchant.login();
    const answer = await merchant.post('/mpesa/stkpush/v1/processrequest', {}, old);
    expect([answer.status, answer.at('errorCode')]).toEqual([404, '404.001.03']);
    await fake.control.clock.advance(3_600_000);
    expect((await merchant.push()).status).toBe(404);
  });

  it.each([
    ['a broken amount', { Amount: 10.5 }, 'Amount'],
    ['too much', { Amount: 250_001 }, 'Amount'],
    ['a long reference', { AccountReference: 'INVOICE-00001' }, 'AccountReference'],
    ['a long description', { TransactionDesc: 'Invoice 000001' }, 'TransactionDesc'],
    ['a number of another country', { PhoneNumber: '255712345678' }, 'PhoneNumber'],
    ['a number as people write it', { PhoneNumber: '0712345678' }, 'PhoneNumber'],
    ['a callback with a name in it', { CallBackURL: 'https://shop.example/mpesa/x' }, 'CallBackURL'],
    ['an open callback', { CallBackURL: 'http://shop.example/x' }, 'CallBackURL'],
  ])('refuses %s', async (_what, change, field) => {
    const answer = await merchant.push(change);
    expect([answer.status, answer.at('errorCode')]).toEqual([400, '400.002.02']);
    expect(answer.at('errorMessage')).toBe(`Bad Request - Invalid ${field}`);
  });

  it('refuses a password that is not of the short code, the key and the time', async () => {
    const answer = await merchant.push({ Timestamp: '20260101120001' });
    expect([answer.status, answer.at('errorMessage')]).toEqual([500, 'Wrong credentials']);
  });
});

describe('a prompt of a fake M-Pesa', () => {
  it('is under way in two ways, and then paid', async () => {
    const pushed = await merchant.push();
    expect(pushed.at('ResponseCode')).toBe('0');
    const id = pushed.at('CheckoutRequestID');
    expect((await merchant.query(id)).at('errorMessage')).toBe('The transaction is being processed');
    expect((await merchant.query(id)).at('ResultCode')).toBe('4999');
    await pass(5);
    expect((await merchant.query(id)).at()).toMatchObject({ ResultCode: '0', CheckoutRequestID: id });
    const [callback] = callbacks();
    expect(callback).toMatchObject({ ResultCode: 0, CheckoutRequestID: id });
    expect(receiver.received[0]?.body).toContain('{"Name":"Amount","Value":1500.00}');
    expect(receiver.received[0]?.body).toContain('{"Name":"Balance"}');
    expect(fake.truth.net('INV0001')).toBe(1_500n);
  });

  it.each([
    ['phone-cancel', 5, 1032],
    ['phone-insufficient', 5, 1],
    ['phone-wrong-pin', 5, 2001],
    ['phone-expire', 60, 1019],
    ['phone-ignore', 60, 1037],
  ])('%s', async (mode, seconds, code) => {
    await fake.control.mode(mode);
    const pushed = await merchant.push();
    await pass(seconds);
    expect(callbacks()).toMatchObject([{ ResultCode: code }]);
    expect(callbacks()[0]).not.toHaveProperty('CallbackMetadata');
    expect((await merchant.query(pushed.at('CheckoutRequestID'))).at('ResultCode')).toBe(String(code));
    expect(fake.truth.all()).toEqual([]);
  });

  it('is refused while the phone is busy', async () => {
    await merchant.push();
    const second = await merchant.push();
    expect([second.status, second.at('errorCode')]).toEqual([500, '500.001.1001']);
    await fake.control.mode('phone-busy', { phone: '254711111111' });
    const busy = await merchant.push({ PartyA: '254711111111', PhoneNumber: '254711111111' });
    expect(busy.at('errorMessage')).toContain('Unable to lock subscriber');
  });

  it('is limited to one payment of an amount in two minutes', async () => {
    await merchant.push();
    await pass(5);
    await merchant.push();
    await pass(5);
    expect(callbacks().map(({ ResultCode }) => ResultCode)).toEqual([0, 17]);
    await pass(120);
    await merchant.push({ AccountReference: 'INV0002' });
    await pass(5);
    expect(callbacks().at(-1)).toMatchObject({ ResultCode: 0 });
    fake.truth.assertSound();
  });

  it('can be paid with nobody told, with everybody told twice, and after all', async () => {
    await fake.control.mode('phone-callback-lost');
    const lost = await merchant.push();
    await pass(5);
    expect(callbacks()).toEqual([]);
    expect((await merchant.query(lost.at('CheckoutRequestID'))).at('ResultCode')).toBe('0');
    await fake.control.mode('phone-callback-twice');
    await merchant.push({ Amount: 10 });
    await pass(5);
    expect(receiver.received.map(({ body }) => body)).toEqual([
      receiver.received[0]?.body,
      receiver.received[0]?.body,
    ]);
    await fake.control.mode('phone-approve-late');
    const late = await merchant.push({ Amount: 20, AccountReference: 'LATE' });
    await pass(60);
    expect((await merchant.query(late.at('CheckoutRequestID'))).at('ResultCode')).toBe('1037');
    await pass(30);
    expect((await merchant.query(late.at('CheckoutRequestID'))).at('ResultCode')).toBe('0');
    expect(
      callbacks()
        .slice(-2)
        .map(({ ResultCode }) => ResultCode),
    ).toEqual([1037, 0]);
    expect(fake.truth.captures('LATE')).toHaveLength(1);
  });

  it('can be told of before it is answered, shuffled and masked', async () => {
    await fake.control.mode('phone-callback-first');
    await fake.control.mode('items-shuffled');
    await fake.control.mode('phone-masked');
    const pushed = await merchant.push();
    expect(callbacks()).toMatchObject([{ CheckoutRequestID: pushed.at('CheckoutRequestID') }]);
    expect(receiver.received[0]?.body).toContain('"Item":[{"Name":"PhoneNumber","Value":"2547*****149"}');
  });

  it('reaches the phone though its answer is lost', async () => {
    fake.control.script({ match: { ref: 'INV0001' }, do: { drop: 'after-commit' } });
    await expect(merchant.push()).rejects.toThrow('fetch failed');
    await pass(5);
    expect(callbacks()).toMatchObject([{ ResultCode: 0 }]);
    expect(fake.truth.captures('INV0001')).toHaveLength(1);
  });

  it('can be forged by anybody, from anywhere', async () => {
    await merchant.push();
    await pass(5);
    await fake.control.forge(
      'tampered',
      { event: 'stk' },
      { url: `${receiver.url}/stk/other`, sourceAddress: ELSEWHERE },
    );
    expect(receiver.received.at(-1)).toMatchObject({ path: '/stk/other', remoteAddress: ELSEWHERE });
    expect(receiver.received.at(-1)?.body).toContain('"Value":15000.00');
  });

  it('is answered on the page of the phone', async () => {
    await fake.control.mode('phone-ask');
    await merchant.push();
    const page = `${fake.url}/phone/${MPESA_DEMO.phone}`;
    expect((await httpCall(`${fake.url}/phone`)).text).toContain('asks');
    expect((await httpCall(page)).text).toContain('Do you want to pay KES 1500 to NOVA SHOP?');
    await httpCall(`${page}/answer`, { form: { pin: '0000', verb: 'approve' } });
    await merchant.push();
    await httpCall(`${page}/answer`, { form: { pin: '1234', verb: 'approve' } });
    await fake.control.webhooks.idle();
    expect(callbacks().map(({ ResultCode }) => ResultCode)).toEqual([2001, 0]);
  });
});

describe('a fake M-Pesa takes payments from phones', () => {
  const register = (fields = {}) =>
    merchant.post('/mpesa/c2b/v1/registerurl', {
      ShortCode: MPESA_DEMO.shortcode,
      ResponseType: 'Completed',
      ConfirmationURL: `${receiver.url}/c2b/confirm`,
      ValidationURL: `${receiver.url}/c2b/validate`,
      ...fields,
    });
  const simulate = (Amount: number) =>
    merchant.post('/mpesa/c2b/v1/simulate', {
      ShortCode: MPESA_DEMO.shortcode,
      CommandID: 'CustomerPayBillOnline',
      Amount,
      Msisdn: MPESA_DEMO.phone,
      BillRefNumber: 'NOBODY',
    });

  it('where addresses are decent, and registered once', async () => {
    expect((await register({ ConfirmationURL: 'https://shop.example/mpesa/confirm' })).status).toBe(400);
    expect((await register({ ValidationURL: 'https://shop.example/sql' })).status).toBe(400);
    expect((await register()).at('ResponseCode')).toBe('0');
    expect((await register()).status).toBe(500);
  });

  it('and does what it was told where a validation is silent', async () => {
    await register({ ResponseType: 'Cancelled' });
    receiver.delayMs = 400;
    await simulate(70);
    expect(fake.truth.all()).toEqual([]);
    await fake.control.reset();
    await merchant.login();
    await register();
    await simulate(70);
    expect(fake.truth.all()).toMatchObject([{ kind: 'capture', amount: 70n }]);
    await fake.control.webhooks.idle();
    const confirmed = JSON.parse(receiver.received.at(-1)?.body ?? '') as Record<string, unknown>;
    expect(confirmed).toMatchObject({
      TransAmount: '70.00',
      BillRefNumber: 'NOBODY',
      MSISDN: '2547*****149',
    });
  });

  it('and tells those of prompts a second time, under the same receipt', async () => {
    await register();
    await merchant.push();
    await pass(5);
    const [stk, c2b] = receiver.received.map(({ body }) => body);
    const receipt = (JSON.parse(c2b ?? '') as { TransID: string }).TransID;
    expect(stk).toContain(`{"Name":"MpesaReceiptNumber","Value":"${receipt}"}`);
    expect(fake.truth.all()).toHaveLength(1);
  });
});

describe('a fake M-Pesa gives back', () => {
  const paid = async () => {
    await merchant.push();
    await pass(5);
    receiver.received.length = 0;
    return fake.control.world.ledger[0]?.receipt ?? '';
  };
  const reverse = (TransactionID: string, more = {}) =>
    merchant.order('/mpesa/reversal/v1/request', {
      CommandID: 'TransactionReversal',
      TransactionID,
      Amount: 1500,
      ReceiverParty: MPESA_DEMO.shortcode,
      RecieverIdentifierType: '11',
      ...more,
    });
  const payOut = (OriginatorConversationID: string, more = {}) =>
    merchant.order('/mpesa/b2c/v3/paymentrequest', {
      OriginatorConversationID,
      CommandID: 'BusinessPayment',
      Amount: 500,
      PartyA: MPESA_DEMO.payoutShortcode,
      PartyB: MPESA_DEMO.phone,
      ...more,
    });

  it('a payment whole, once', async () => {
    const receipt = await paid();
    expect((await reverse(receipt)).at('ResponseCode')).toBe('0');
    await reverse(receipt);
    await reverse('UNKNOWN');
    await reverse(receipt, { SecurityCredential: merchant.credential('wrong') });
    await pass(1);
    expect(results().map(({ ResultCode }) => ResultCode)).toEqual([0, 'R000001', 'R000002', 2001]);
    expect(fake.truth.net('INV0001')).toBe(0n);
    fake.truth.assertSound();
  });

  it('a part by a payout, once for its number', async () => {
    const receipt = await paid();
    expect((await payOut('refund-1', { Occassion: receipt })).at('OriginatorConversationID')).toBe(
      'refund-1',
    );
    const again = await payOut('refund-1', { Occassion: receipt });
    expect([again.status, again.at('errorCode')]).toEqual([500, '500.002.1001']);
    await fake.control.mode('payout-insufficient');
    await payOut('refund-2', { Occassion: receipt });
    await pass(1);
    expect(results().map(({ ResultCode }) => ResultCode)).toEqual([0, 1]);
    expect(fake.truth.net('INV0001')).toBe(1_000n);
  });

  it('nothing when the order stays in its queue', async () => {
    const receipt = await paid();
    await fake.control.mode('queue-timeout');
    await reverse(receipt);
    await pass(1);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/timeout']);
    expect(fake.truth.net('INV0001')).toBe(1_500n);
  });

  it('and tells of a payment by its receipt, in the forms that are known', async () => {
    const receipt = await paid();
    const ask = () =>
      merchant.order('/mpesa/transactionstatus/v1/query', {
        CommandID: 'TransactionStatusQuery',
        TransactionID: receipt,
        PartyA: MPESA_DEMO.shortcode,
        IdentifierType: '4',
      });
    for (const mode of [null, 'results-repeat-keys', 'results-single-object']) {
      if (mode) await fake.control.mode(mode);
      await ask();
      await pass(1);
    }
    const [list, repeated, single] = results().map(
      (result) => (result['ResultParameters'] as { ResultParameter: unknown }).ResultParameter,
    );
    expect(list).toContainEqual({ Key: 'Amount', Value: 1500 });
    expect((repeated as unknown[]).length).toBeGreaterThan((list as unknown[]).length);
    expect(single).toEqual({ Key: 'ReceiptNo', Value: receipt });
  });

  it('and lists the payments of two days', async () => {
    const receipt = await paid();
    const today = fake.control.clock.date().toISOString().slice(0, 10);
    const query = () =>
      merchant.post('/pulltransactions/v1/query', {
        ShortCode: MPESA_DEMO.shortcode,
        StartDate: `${today} 00:00:00`,
        EndDate: `${String(Number(today.slice(0, 4)) + 1)}${today.slice(4)} 00:00:00`,
        OffSetValue: '0',
      });
    expect((await query()).at('ResponseCode')).toBe('1001');
    const CallBackURL = `${receiver.url}/pull`;
    await merchant.post('/pulltransactions/v1/register', {
      ShortCode: MPESA_DEMO.shortcode,
      RequestType: 'Pull',
      NominatedNumber: MPESA_DEMO.phone,
      CallBackURL,
    });
    expect((await query()).at('Response.0.0')).toMatchObject({ transactionId: receipt, amount: '1500.00' });
  });
});

describe('the gateway of a fake M-Pesa', () => {
  it.each([
    ['spike-arrest', '500.003.02'],
    ['quota-used', '500.003.03'],
  ])('knows %s', async (mode, code) => {
    await fake.control.mode(mode);
    const answer = await merchant.push();
    expect([answer.status, answer.at('errorCode')]).toEqual([500, code]);
    expect((await merchant.push()).status).toBe(200);
  });
});
