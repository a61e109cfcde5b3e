import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { ProviderEvent } from './webhook-events.js';
import { WEBHOOK_PARSERS } from './webhook-parsers.js';

const secrets = { keys: ['key'], mode: 'test', receivedAt: new Date(1_700_000_000_000) } as const;

function ofPaystack(data: object, event = 'charge.dispute.create'): ProviderEvent | undefined {
  const body = Buffer.from(JSON.stringify({ event, data }));
  const signature = createHmac('sha512', 'key').update(body).digest('hex');
  return WEBHOOK_PARSERS.paystack(body, { 'x-paystack-signature': signature }, secrets).events[0];
}

function ofStripe(object: object, type = 'charge.dispute.created'): ProviderEvent | undefined {
  const body = Buffer.from(JSON.stringify({ id: 'evt_1', type, livemode: false, data: { object } }));
  const v1 = createHmac('sha256', 'key').update('1700000000.').update(body).digest('hex');
  return WEBHOOK_PARSERS.stripe(body, { 'stripe-signature': `t=1700000000,v1=${v1}` }, secrets).events[0];
}

describe('a dispute at Paystack', () => {
  const DISPUTE = {
    id: 358_950,
    refund_amount: 5_800,
    currency: 'NGN',
    status: 'awaiting-merchant-feedback',
    resolution: null,
    category: 'fraud',
    due_at: '2026-11-25T19:00:00.000Z',
    transaction: { id: 896, reference: 'ours', amount: 999_900 },
  };

  it('is told with its payment, what is at stake and until when it is to be answered', () => {
    expect(ofPaystack(DISPUTE)).toMatchObject({
      kind: 'dispute.updated',
      dedupeKey: 'paystack:charge.dispute.create:358950',
      reference: 'ours',
      providerPaymentId: '896',
      providerRefundId: null,
      claims: { amount: 5_800n, currency: 'NGN' },
      dispute: {
        providerDisputeId: '358950',
        status: 'open',
        reason: 'fraud',
        dueBy: new Date('2026-11-25T19:00:00.000Z'),
      },
    });
    const otherwise = { ...DISPUTE, due_at: undefined, dueAt: '2026-11-26T00:00:00Z', category: null };
    expect(ofPaystack(otherwise)?.dispute).toMatchObject({
      reason: null,
      dueBy: new Date('2026-11-26T00:00:00Z'),
    });
  });

  it.each([
    ['awaiting-merchant-feedback', null, 'open'],
    ['awaiting-bank-feedback', null, 'under_review'],
    ['pending', null, 'under_review'],
    ['resolved', 'merchant-accepted', 'lost'],
    ['resolved', 'auto-accepted', 'lost'],
    ['resolved', 'declined', 'won'],
    ['resolved', null, 'under_review'],
    ['resolved', 'accepted-later', 'under_review'],
  ])('that is %s and %s is %s', (status, resolution, told) => {
    const event = ofPaystack({ ...DISPUTE, status, resolution }, 'charge.dispute.resolve');
    expect(event?.dispute?.status).toBe(told);
  });

  it('is none without an id, and no other event has one', () => {
    expect(ofPaystack({ ...DISPUTE, id: undefined })).not.toHaveProperty('dispute');
    expect(ofPaystack(DISPUTE, 'charge.success')).not.toHaveProperty('dispute');
    // Nor does it take the sum of a refund for that of a payment.
    expect(ofPaystack({ ...DISPUTE, amount: 7 }, 'charge.success')?.claims.amount).toBe(7n);
    expect(ofPaystack({ ...DISPUTE, due_at: 'soon' })?.dispute?.dueBy).toBeNull();
  });
});

describe('a dispute at Stripe', () => {
  const DISPUTE = {
    id: 'du_1',
    object: 'dispute',
    amount: 5_000,
    currency: 'usd',
    charge: 'ch_1',
    payment_intent: 'pi_1',
    reason: 'fraudulent',
    status: 'needs_response',
    evidence_details: { due_by: 1_763_000_000 },
  };

  it('is told with its payment, what is at stake and until when it is to be answered', () => {
    expect(ofStripe(DISPUTE)).toMatchObject({
      kind: 'dispute.updated',
      reference: null,
      providerPaymentId: 'pi_1',
      claims: { amount: 5_000n, currency: 'USD' },
      dispute: {
        providerDisputeId: 'du_1',
        status: 'open',
        reason: 'fraudulent',
        dueBy: new Date(1_763_000_000_000),
      },
    });
    expect(ofStripe({ ...DISPUTE, evidence_details: { due_by: null } })?.dispute?.dueBy).toBeNull();
    expect(ofStripe({ ...DISPUTE, id: undefined })).not.toHaveProperty('dispute');
    expect(ofStripe(DISPUTE, 'charge.refunded')).not.toHaveProperty('dispute');
  });

  it.each([
    ['needs_response', 'open'],
    ['warning_needs_response', 'open'],
    ['under_review', 'under_review'],
    ['warning_under_review', 'under_review'],
    ['won', 'won'],
    ['warning_closed', 'won'],
    ['lost', 'lost'],
    ['of a kind to come', 'under_review'],
  ])('that is %s is %s', (status, told) => {
    expect(ofStripe({ ...DISPUTE, status }, 'charge.dispute.updated')?.dispute?.status).toBe(told);
  });
});
