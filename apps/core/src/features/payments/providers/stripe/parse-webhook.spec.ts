import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { WebhookSecrets } from '../webhook-events.js';
import { parseWebhook as stripe } from './parse-webhook.js';

const with_ = (...keys: string[]): WebhookSecrets => ({
  keys,
  mode: 'test',
  receivedAt: new Date(1_700_000_060_000),
});
const bytes = (text: string) => Buffer.from(text, 'utf8');

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

  /** The event that is read from a genuine webhook of this type about this object. */
  function told(type: string, object: object) {
    const body = JSON.stringify({ id: 'evt_9', type, livemode: false, data: { object } });
    const v1 = createHmac('sha256', 'whsec_test_secret').update(`1700000000.${body}`).digest('hex');
    return stripe(bytes(body), header(`t=1700000000,v1=${v1}`), secrets).events[0];
  }

  it.each([
    ['payment_intent.succeeded', 'payment.succeeded'],
    ['payment_intent.payment_failed', 'payment.failed'],
    ['payment_intent.canceled', 'payment.failed'],
    ['payment_intent.processing', 'payment.pending'],
    ['payment_intent.requires_action', 'payment.pending'],
    ['checkout.session.completed', 'payment.succeeded'],
    ['checkout.session.async_payment_succeeded', 'payment.succeeded'],
    ['checkout.session.async_payment_failed', 'payment.failed'],
    ['checkout.session.expired', 'payment.failed'],
    ['charge.refunded', 'refund.updated'],
    ['refund.created', 'refund.updated'],
    ['refund.failed', 'refund.updated'],
    ['charge.dispute.closed', 'dispute.updated'],
    ['payment_method.detached', 'method.updated'],
    ['charge.succeeded', 'other'],
    ['invoice.paid', 'other'],
  ])('%s is %s', (type, kind) => {
    expect(told(type, { id: 'x', payment_status: 'paid' })?.kind).toBe(kind);
  });

  it('names the payment, the refund and the sum by what the event is of', () => {
    const metadata = { reference: 'ours' };
    expect(
      told('payment_intent.succeeded', {
        id: 'pi_1',
        metadata,
        amount: 7,
        amount_received: 5,
        currency: 'usd',
      }),
    ).toMatchObject({
      providerPaymentId: 'pi_1',
      providerRefundId: null,
      reference: 'ours',
      claims: { amount: 5n, currency: 'USD' },
    });
    const session = { id: 'cs_1', client_reference_id: 'ours', amount_total: 9, amount: 7, currency: 'usd' };
    expect(told('checkout.session.completed', session)).toMatchObject({
      providerPaymentId: 'cs_1',
      reference: 'ours',
      claims: { amount: 9n },
    });
    expect(told('checkout.session.completed', { ...session, payment_intent: 'pi_1' })).toMatchObject({
      providerPaymentId: 'pi_1',
    });
    expect(told('refund.updated', { id: 're_1', payment_intent: 'pi_1', metadata })).toMatchObject({
      providerPaymentId: 'pi_1',
      providerRefundId: 're_1',
      reference: 'ours',
      claims: { amount: null, currency: null },
    });
    expect(told('charge.refunded', { id: 'ch_1', payment_intent: 'pi_1' })).toMatchObject({
      providerPaymentId: 'pi_1',
      providerRefundId: null,
    });
    expect(told('payment_method.detached', { id: 'pm_1' })?.providerPaymentId).toBeNull();
  });
});
