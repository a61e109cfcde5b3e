import { describe, expect, it } from 'vitest';

import type { ParsedWebhook } from '../webhook-events.js';
import { parseWebhook } from './parse-webhook.js';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const parse = (body: string, topic?: string): ParsedWebhook =>
  parseWebhook(
    bytes(body),
    {},
    { keys: [], mode: 'test', receivedAt: new Date(0), ...(topic === undefined ? {} : { topic }) },
  );

describe('a callback of M-Pesa’s', () => {
  it('trap: has its items in any order, and some without a value', () => {
    const body =
      '{"Body":{"stkCallback":{"MerchantRequestID":"1","CheckoutRequestID":"ws_1","ResultCode":0,"ResultDesc":"ok","CallbackMetadata":{"Item":[{"Name":"Balance"},{"Name":"MpesaReceiptNumber","Value":"UA1"},{"Name":"Amount","Value":1500.00}]}}}}';
    expect(parse(body).events).toMatchObject([
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
    expect(parse(body).events).toMatchObject([{ kind: 'payment.failed', receipt: null }]);
  });

  it('trap: tells of an STK payment a second time as a pay bill payment, under the same receipt', () => {
    const body =
      '{"TransactionType":"Pay Bill","TransID":"UA1","TransAmount":"10.00","BillRefNumber":"INV0001","MSISDN":"2547*****678"}';
    expect(parse(body).events).toMatchObject([
      { receipt: 'UA1', billReference: 'INV0001', dedupeKey: 'mpesa:c2b:UA1', claims: { amount: 1_000n } },
    ]);
  });

  it('answers for a refund, which nothing else does', () => {
    const result = (code: string) =>
      `{"Result":{"ResultCode":${code},"ResultDesc":"d","OriginatorConversationID":"o","ConversationID":"c","TransactionID":"UA2"}}`;
    const answers = ['0', '"R000001"', '2001'].map((code) => parse(result(code)).events[0]?.answer?.kind);
    expect(answers).toEqual(['succeeded', 'succeeded', 'failed']);
  });

  it.each([
    ['254712345678', '254712345678'],
    ['"254712345678"', '254712345678'],
    ['"2547*****678"', undefined],
    ['"254812345678"', undefined],
    ['null', undefined],
  ])('trap: names the phone %s only where money can be paid back to it', (value, payer) => {
    const items = `{"Name":"Amount","Value":1},{"Name":"PhoneNumber","Value":${value}}`;
    const body = `{"Body":{"stkCallback":{"CheckoutRequestID":"ws_1","ResultCode":0,"CallbackMetadata":{"Item":[${items}]}}}}`;
    expect(parse(body).events[0]?.payer).toBe(payer);
  });

  const RESULT =
    '{"Result":{"ResultCode":1,"ResultDesc":"d","OriginatorConversationID":"o","ConversationID":"c","TransactionID":"UA2"}}';
  const C2B =
    '{"TransactionType":"Pay Bill","TransID":"UA1","TransAmount":"10.00","BillRefNumber":"INV0001"}';

  it('that asks about a payment to come tells of none', () => {
    expect(parse(C2B, 'c2b-validation')).toEqual({ kind: 'verified', events: [] });
    expect(parse(C2B, 'c2b').events).toHaveLength(1);
    expect(parse(C2B).events).toHaveLength(1);
  });

  it('tells of an order that was not looked at in time, which of a payment to a phone is no proof', () => {
    const [reversal] = parse(RESULT, 'reversal-timeout').events;
    expect(reversal).toMatchObject({
      kind: 'refund.updated',
      type: 'timeout',
      dedupeKey: 'mpesa:timeout:c',
      reference: 'o',
      providerRefundId: 'o',
      answer: { kind: 'failed', code: 'queue_timeout' },
    });
    const [payout] = parse(RESULT, 'b2c-timeout').events;
    expect(payout).toMatchObject({ type: 'timeout', reference: 'o' });
    expect(payout).not.toHaveProperty('answer');
    expect(parse(RESULT, 'reversal').events[0]).toMatchObject({
      type: 'result',
      dedupeKey: 'mpesa:result:c',
      answer: { kind: 'failed', code: 'insufficient_funds', message: 'd' },
    });
    expect(parse('{"Result":{}}', 'reversal-timeout').kind).toBe('unreadable');
  });

  it.each([
    '{}',
    '[]',
    'null',
    '"text"',
    'nonsense',
    '{"Body":{}}',
    '{"Body":{"stkCallback":{"CheckoutRequestID":"ws_1"}}}',
    '{"Body":{"stkCallback":{"ResultCode":0}}}',
    '{"Result":{"ConversationID":"c"}}',
    '{"Result":{"ResultCode":0}}',
    '{"TransID":"UA1"}',
    '{"TransAmount":"10.00"}',
  ])('%s tells of nothing', (body) => {
    expect(parse(body)).toEqual({ kind: 'unreadable', events: [] });
  });

  it('has no sum where that is none of Kenya’s', () => {
    const of = (text: string) =>
      parse(`{"TransID":"UA1","TransAmount":"${text}","BillRefNumber":""}`).events[0];
    expect(of('10.005')?.claims).toEqual({ amount: null, currency: 'KES' });
    expect(of('ten')?.claims.amount).toBeNull();
    expect(of('10')).toMatchObject({ billReference: '', reference: null, claims: { amount: 1_000n } });
  });
});
