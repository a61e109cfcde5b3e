import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PROVIDER_NAMES } from '../../../domain/payments/provider-amounts.js';
import type { WebhookSecrets } from './webhook-events.js';
import { WEBHOOK_PARSERS } from './webhook-parsers.js';

const { paystack, flutterwave } = WEBHOOK_PARSERS;
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
