import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PROVIDER_NAMES } from '../../../domain/payments/provider-amounts.js';
import type { WebhookSecrets } from './webhook-events.js';
import { WEBHOOK_PARSERS } from './webhook-parsers.js';

const { paystack, flutterwave, mpesa, stripe } = WEBHOOK_PARSERS;
const with_ = (...keys: string[]): WebhookSecrets => ({
  keys,
  mode: 'test',
  receivedAt: new Date(1_700_000_060_000),
});
const bytes = (text: string) => Buffer.from(text, 'utf8');
const sha512 = (key: string, body: string) => createHmac('sha512', key).update(body).digest('hex');

describe('a webhook of Paystack’s', () => {
  const SAMPLE = '{"paystack":"request","body":"to_string"}';
  const SIGNATURE =
    '996867a4a400e06877c13b4299cd95831b681beb6ab7ccf693d424cd9aa9fdda1b6b040f79d073b19be7d91464d84b33e6158b065ff422d5525a69ae492668ac';
  const signed = (body: string, key = 'sk_test_1') => ({ 'x-paystack-signature': sha512(key, body) });

  it('is signed by the API key: the sample of the docs', () => {
    const headers = { 'x-paystack-signature': SIGNATURE };
    // Genuine, and of a form that no event has.
    expect(paystack(bytes(SAMPLE), headers, with_('YOUR_SECRET_KEY')).kind).toBe('unreadable');
    expect(paystack(bytes(SAMPLE), headers, with_('another')).kind).toBe('forged');
    expect(paystack(bytes(SAMPLE), {}, with_('YOUR_SECRET_KEY')).kind).toBe('forged');
  });

  it('trap: is verified by its bytes, not by what JSON.stringify would make of it', () => {
    const body =
      '{"event":"charge.success","data":{"id":1,"reference":"a\\/b","amount":1500.00,"currency":"NGN"}}';
    expect(paystack(bytes(body), signed(body), with_('sk_test_1')).kind).toBe('verified');
    expect(JSON.stringify(JSON.parse(body))).not.toBe(body);
  });

  it('trap: is still good by the key of before, while that overlaps', () => {
    const body = '{"event":"charge.success","data":{"id":1,"reference":"r","amount":5000,"currency":"NGN"}}';
    expect(paystack(bytes(body), signed(body, 'old'), with_('new', 'old')).kind).toBe('verified');
    expect(paystack(bytes(body), signed(body, 'old'), with_('new')).kind).toBe('forged');
  });

  it('trap: tells what was asked for, not what the customer paid with the fee', () => {
    const body =
      '{"event":"charge.success","data":{"id":9,"reference":"r","amount":40333,"requested_amount":30050,"currency":"NGN"}}';
    const [event] = paystack(bytes(body), signed(body), with_('sk_test_1')).events;
    expect(event).toMatchObject({
      kind: 'payment.succeeded',
      dedupeKey: 'paystack:charge.success:9',
      reference: 'r',
      providerPaymentId: '9',
      claims: { amount: 30_050n, currency: 'NGN' },
    });
  });

  it('trap: tells the sum of a refund whether that is a text or a number, and needs no id', () => {
    for (const amount of ['5000', '"5000"']) {
      const body = `{"event":"refund.pending","data":{"transaction_reference":"r","refund_reference":null,"amount":${amount},"currency":"NGN"}}`;
      const [event] = paystack(bytes(body), signed(body), with_('sk_test_1')).events;
      expect(event).toMatchObject({
        kind: 'refund.updated',
        reference: 'r',
        dedupeKey: 'paystack:refund.pending:+r',
        claims: { amount: 5_000n },
      });
    }
  });
});

describe('a webhook of Flutterwave’s', () => {
  const SECRET = 'nova-flw-secret-hash-0001';
  const charge = (amount: number, status = 'successful') =>
    `{"event":"charge.completed","data":{"id":285959875,"tx_ref":"nova_INV-0001_1","flw_ref":"FLW-MOCK-0001","amount":${amount},"currency":"NGN","charged_amount":2500,"app_fee":35,"status":"${status}"},"event.type":"CARD_TRANSACTION"}`;
  const headers = { 'verif-hash': SECRET };

  it('carries the secret itself', () => {
    expect(flutterwave(bytes(charge(2500)), headers, with_(SECRET)).events).toMatchObject([
      {
        kind: 'payment.succeeded',
        dedupeKey: 'flutterwave:charge.completed:285959875:successful',
        reference: 'nova_INV-0001_1',
        claims: { amount: 250_000n, currency: 'NGN' },
      },
    ]);
    expect(flutterwave(bytes(charge(2500)), { 'verif-hash': 'x' }, with_(SECRET)).kind).toBe('forged');
    expect(flutterwave(bytes(charge(2500)), {}, with_(SECRET)).kind).toBe('forged');
    expect(flutterwave(bytes(charge(2500)), { 'verif-hash': '' }, with_('')).kind).toBe('forged');
  });

  it('trap: proves nothing of the body, so that a sum that was changed passes, as a claim', () => {
    const [event] = flutterwave(bytes(charge(250_000)), headers, with_(SECRET)).events;
    expect(event?.claims.amount).toBe(25_000_000n);
    expect(event).not.toHaveProperty('answer');
  });

  it('trap: tells of failures under the same name, and of the same id once more', () => {
    const keys = ['pending', 'failed', 'successful'].map((status) => {
      const [event] = flutterwave(bytes(charge(2500, status)), headers, with_(SECRET)).events;
      return [event?.kind, event?.dedupeKey.split(':').at(-1)];
    });
    expect(keys).toEqual([
      ['payment.pending', 'pending'],
      ['payment.failed', 'failed'],
      ['payment.succeeded', 'successful'],
    ]);
  });

  it('trap: is read in its flat forms too', () => {
    const flat =
      '{"id":1,"txRef":"r","amount":19.99,"currency":"USD","status":"successful","event.type":"CARD_TRANSACTION"}';
    expect(flutterwave(bytes(flat), headers, with_(SECRET)).events).toMatchObject([
      { kind: 'payment.succeeded', reference: 'r', claims: { amount: 1_999n } },
    ]);
    const refund =
      '{"id":7,"AmountRefunded":100,"status":"completed","FlwRef":"F","TransactionId":285959875}';
    expect(flutterwave(bytes(refund), headers, with_(SECRET)).events).toMatchObject([
      { kind: 'refund.updated', providerRefundId: '7', providerPaymentId: '285959875' },
    ]);
  });

  it('falls back to no plain secret where the signature of the newer version is present', () => {
    const body = bytes(charge(2500));
    const signature = createHmac('sha256', SECRET).update(body).digest('base64');
    const newer = (value: string) => ({ 'verif-hash': SECRET, 'flutterwave-signature': value });
    expect(flutterwave(body, newer(signature), with_(SECRET)).kind).toBe('verified');
    expect(flutterwave(body, newer(SECRET), with_(SECRET)).kind).toBe('forged');
  });
});

describe('a callback of M-Pesa’s', () => {
  it('trap: has its items in any order, and some without a value', () => {
    const body =
      '{"Body":{"stkCallback":{"MerchantRequestID":"1","CheckoutRequestID":"ws_1","ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[{"Name":"Balance"},{"Name":"MpesaReceiptNumber","Value":"UA1"},{"Name":"Amount","Value":1500.00}]}}}}';
    expect(mpesa(bytes(body), {}, with_()).events).toMatchObject([
      {
        kind: 'payment.succeeded',
        dedupeKey: 'mpesa:stk:ws_1',
        providerPaymentId: 'ws_1',
        receipt: 'UA1',
        claims: { amount: 150_000n, currency: 'KES' },
      },
    ]);
  });

  it('tells of a push that failed without any items', () => {
    const body =
      '{"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":1032,"ResultDesc":"Cancelled"}}}';
    expect(mpesa(bytes(body), {}, with_()).events).toMatchObject([{ kind: 'payment.failed', receipt: null }]);
  });

  it('trap: tells of an STK payment a second time as a pay bill payment, under the same receipt', () => {
    const body =
      '{"TransactionType":"Pay Bill","TransID":"UA1","TransAmount":"10.00","BillRefNumber":"INV0001","MSISDN":"2547*****678"}';
    expect(mpesa(bytes(body), {}, with_()).events).toMatchObject([
      { receipt: 'UA1', billReference: 'INV0001', dedupeKey: 'mpesa:c2b:UA1', claims: { amount: 1_000n } },
    ]);
  });

  it('answers for a refund, which nothing else does', () => {
    const result = (code: string) =>
      `{"Result":{"ResultCode":${code},"ResultDesc":"d","OriginatorConversationID":"o","ConversationID":"c","TransactionID":"UA2"}}`;
    const answers = ['0', '"R000001"', '2001'].map(
      (code) => mpesa(bytes(result(code)), {}, with_()).events[0]?.answer?.kind,
    );
    expect(answers).toEqual(['succeeded', 'succeeded', 'failed']);
  });
});

describe('a webhook of Stripe’s', () => {
  const BODY = '{\n  "id": "evt_test_webhook",\n  "object": "event"\n}';
  const V1 = '4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150';
  const header = (value: string) => ({ 'stripe-signature': value });
  const secrets = with_('whsec_test_secret');

  it.each([
    ['as it came', BODY, `t=1700000000,v1=${V1}`, true],
    [
      'by one of two signatures of a secret that is replaced',
      BODY,
      `t=1700000000,v1=${'0'.repeat(64)},v1=${V1},v0=${'a'.repeat(64)}`,
      true,
    ],
    [
      'trap: not when it was written anew',
      '{"id":"evt_test_webhook","object":"event"}',
      `t=1700000000,v1=${V1}`,
      false,
    ],
    ['not by v0 alone', BODY, `t=1700000000,v0=${V1}`, false],
    ['not at another moment', BODY, `t=1700000001,v1=${V1}`, false],
    ['not without a moment', BODY, `v1=${V1}`, false],
  ])('is genuine %s', (_, body, value, genuine) => {
    expect(stripe(bytes(body), header(value), secrets).kind === 'forged').toBe(!genuine);
  });

  it('is forged when it is too old', () => {
    const late = { ...secrets, receivedAt: new Date(1_700_000_301_000) };
    expect(stripe(bytes(BODY), header(`t=1700000000,v1=${V1}`), late).kind).toBe('forged');
  });

  const EVENT =
    '{"id":"evt_1NovaTest0001","object":"event","api_version":"2026-10-28.endive","created":1767225600,"data":{"object":{"id":"pi_3NovaTest0001","object":"payment_intent","amount":250000,"amount_received":250000,"currency":"ngn","status":"succeeded","metadata":{"tenant":"acme","invoice":"INV-0001"}}},"livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"payment_intent.succeeded"}';

  it('tells of a payment, of its own mode only', () => {
    const signature = header(
      't=1767225601,v1=ae76bf8066c3f29df5c7407c0426b5b5dcb7044651400c270a030f9c518ed37a',
    );
    const test = {
      keys: ['whsec_nova_stripe_0001'],
      mode: 'test',
      receivedAt: new Date(1_767_225_606_000),
    } as const;
    expect(stripe(bytes(EVENT), signature, test)).toMatchObject({
      kind: 'verified',
      events: [
        {
          kind: 'payment.succeeded',
          dedupeKey: 'stripe:evt_1NovaTest0001',
          providerPaymentId: 'pi_3NovaTest0001',
          claims: { amount: 250_000n },
        },
      ],
    });
    expect(stripe(bytes(EVENT), signature, { ...test, mode: 'live' }).kind).toBe('unreadable');
  });

  it('trap: of a page that was completed says nothing of money while that is unpaid', () => {
    const body =
      '{"id":"evt_2","type":"checkout.session.completed","livemode":false,"data":{"object":{"id":"cs_1","payment_status":"unpaid","client_reference_id":"r"}}}';
    const v1 = createHmac('sha256', 'whsec_test_secret').update(`1700000000.${body}`).digest('hex');
    expect(stripe(bytes(body), header(`t=1700000000,v1=${v1}`), secrets).events).toMatchObject([
      { kind: 'payment.pending', reference: 'r', providerPaymentId: 'cs_1' },
    ]);
  });
});

describe('what reads webhooks', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    fc.json().map(bytes),
    fc
      .record({
        event: fc.string(),
        data: fc.jsonValue(),
        Body: fc.jsonValue(),
        Result: fc.jsonValue(),
        TransID: fc.jsonValue(),
        type: fc.string(),
        id: fc.string(),
      })
      .map((value) => bytes(JSON.stringify(value))),
  );

  it.each(PROVIDER_NAMES)('of %s throws nothing on any bytes and headers', (provider) => {
    const anyHeaders = fc.dictionary(
      fc.constantFrom('x-paystack-signature', 'verif-hash', 'stripe-signature', 'flutterwave-signature'),
      fc.oneof(fc.string(), fc.array(fc.string())),
    );
    fc.assert(
      fc.property(anything, anyHeaders, (body, headers) => {
        WEBHOOK_PARSERS[provider](body, headers, with_('secret'));
        const genuine = {
          'x-paystack-signature': createHmac('sha512', 'secret').update(body).digest('hex'),
          'verif-hash': 'secret',
          'stripe-signature': `t=1700000000,v1=${createHmac('sha256', 'secret').update('1700000000.').update(body).digest('hex')}`,
        };
        expect(WEBHOOK_PARSERS[provider](body, genuine, with_('secret')).kind).not.toBe('forged');
      }),
    );
  });
});
