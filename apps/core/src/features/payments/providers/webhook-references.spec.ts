import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PROVIDER_NAMES, type ProviderName } from '../../../domain/payments/provider-amounts.js';
import { paymentReference, refundReference } from '../payment-reference.js';
import { referencesIn } from './webhook-references.js';

const DATABASE = `tdb_${'0'.repeat(25)}a`;
const PAYMENT = paymentReference(DATABASE, { invoiceId: `inv_${'1'.repeat(26)}`, attempt: 2 });
const REFUND = refundReference(DATABASE, `ref_${'2'.repeat(26)}`);
const found = (provider: ProviderName, body: unknown) =>
  referencesIn(provider, Buffer.from(JSON.stringify(body)));

describe('our references in a webhook', () => {
  it.each<[ProviderName, string, unknown]>([
    ['paystack', 'a charge', { event: 'charge.success', data: { reference: PAYMENT } }],
    ['paystack', 'a refund', { event: 'refund.pending', data: { transaction_reference: PAYMENT } }],
    [
      'paystack',
      'a dispute',
      { event: 'charge.dispute.create', data: { transaction: { reference: PAYMENT } } },
    ],
    ['paystack', 'metadata', { data: { reference: 'theirs', metadata: { reference: PAYMENT } } }],
    ['paystack', 'metadata in a text', { data: { metadata: JSON.stringify({ reference: PAYMENT }) } }],
    ['flutterwave', 'an envelope', { event: 'charge.completed', data: { tx_ref: PAYMENT } }],
    ['flutterwave', 'the flat form', { txRef: PAYMENT, 'event.type': 'CARD_TRANSACTION' }],
    ['flutterwave', 'what goes with a refund', { AmountRefunded: 1, comments: PAYMENT }],
    ['flutterwave', 'meta in a text', { meta: JSON.stringify({ tx_ref: PAYMENT }) }],
    ['stripe', 'metadata', { data: { object: { metadata: { reference: PAYMENT } } } }],
    ['stripe', 'a page', { data: { object: { client_reference_id: PAYMENT } } }],
    [
      'stripe',
      'an intent within',
      { data: { object: { payment_intent: { metadata: { reference: PAYMENT } } } } },
    ],
    ['mpesa', 'the result of a refund', { Result: { OriginatorConversationID: PAYMENT } }],
    ['mpesa', 'what the payer wrote', { BillRefNumber: PAYMENT }],
  ])('of %s are found in %s', (provider, _, body) => {
    expect(found(provider, body)).toEqual([PAYMENT]);
  });

  it('are each told once, the surest first', () => {
    const data = { reference: PAYMENT, transaction_reference: PAYMENT, merchant_note: REFUND };
    expect(found('paystack', { data })).toEqual([PAYMENT, REFUND]);
  });

  it('are of our own form, and no more than a few', () => {
    expect(found('paystack', { data: { reference: 'INV-0001', transaction_reference: 12 } })).toEqual([]);
    const others = ['a', 'b', 'c', 'd', 'e', 'f'].map((end) => PAYMENT.replace(/2$/, '').concat(`3${end}`));
    expect(others.flatMap((reference) => found('stripe', { data: { object: { reference } } }))).toEqual([]);
    const [first, second, third, fourth, fifth] = [1, 2, 3, 4, 5].map((attempt) =>
      paymentReference(DATABASE, { invoiceId: `inv_${'1'.repeat(26)}`, attempt }),
    );
    const data = { reference: first, transaction_reference: second, merchant_note: third };
    const more = { metadata: { reference: fourth }, transaction: { metadata: { reference: fifth } } };
    expect(found('paystack', { data: { ...data, ...more } })).toEqual([first, second, third, fourth]);
  });

  it('are not looked for in what is longer than a webhook', () => {
    const padded = (length: number) => ({ data: { reference: PAYMENT }, padding: 'x'.repeat(length) });
    expect(found('paystack', padded(200_000))).toEqual([PAYMENT]);
    expect(found('paystack', padded(300_000))).toEqual([]);
  });

  it.each(PROVIDER_NAMES)('of %s are looked for in anything, and nothing is thrown', (provider) => {
    const any = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .record({ data: fc.jsonValue(), Result: fc.jsonValue(), meta: fc.json(), txRef: fc.jsonValue() })
        .map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(any, (body) => {
        expect(referencesIn(provider, body)).toEqual([]);
      }),
    );
    expect(referencesIn(provider, Buffer.from('['.repeat(200_000)))).toEqual([]);
    const deep = `{"data":{"reference":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
    expect(referencesIn(provider, Buffer.from(deep))).toEqual([]);
  });
});
