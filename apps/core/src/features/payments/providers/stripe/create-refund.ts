import type Stripe from 'stripe';

import { toRefundAmount } from '../../../../domain/payments/provider-amounts.js';
import { type RefundOutcome, type RefundState, unknown } from '../outcomes.js';
import type { RefundOrder } from '../payment-provider.js';
import { refusalOf, type StripeApi } from './stripe-api.js';

/** `POST /refunds`, with our reference as its idempotency key and in its metadata. */
export async function createRefund(api: StripeApi, order: RefundOrder): Promise<RefundOutcome> {
  const given = toRefundAmount('stripe', order);
  const { providerPaymentId } = order.payment;
  if ('refused' in given) {
    return { kind: 'failed', code: given.refused, message: 'Stripe gives back no such amount.' };
  }
  if (providerPaymentId === null) {
    return { kind: 'failed', code: 'unknown_charge', message: 'The payment has no id at Stripe.' };
  }
  const result = await api.call('refund', (stripe) =>
    stripe.refunds.create(
      {
        payment_intent: providerPaymentId,
        amount: Number(given.text),
        metadata: { reference: order.reference },
      },
      { idempotencyKey: order.reference },
    ),
  );
  if (result.kind === 'unknown') return result;
  if (result.kind === 'object') return refundOutcome(result.object);
  const { code, message } = refusalOf(result.error);
  return { kind: 'failed', code, message };
}

/** The refund by its id, and else by our reference in the metadata of the payment's refunds. */
export async function findRefund(api: StripeApi, order: RefundOrder): Promise<RefundState> {
  const { providerRefundId: id, payment, reference } = order;
  if (id !== null) {
    const result = await api.call('refund', (stripe) => stripe.refunds.retrieve(id));
    if (result.kind === 'unknown') return result;
    return result.kind === 'object' ? refundOutcome(result.object) : unknown(refusalOf(result.error).message);
  }
  const { providerPaymentId } = payment;
  if (providerPaymentId === null) return { kind: 'not_found' };
  const listed = await api.call('list', (stripe) =>
    stripe.refunds.list({ payment_intent: providerPaymentId, limit: 100 }),
  );
  if (listed.kind === 'unknown') return listed;
  if (listed.kind === 'refused') return unknown(refusalOf(listed.error).message);
  const ours = listed.object.data.find(({ metadata }) => metadata?.['reference'] === reference);
  return ours ? refundOutcome(ours) : { kind: 'not_found' };
}

function refundOutcome(refund: Stripe.Refund): RefundOutcome {
  const providerRefundId = refund.id;
  switch (refund.status) {
    case 'succeeded':
      return { kind: 'succeeded', providerRefundId };
    case 'pending':
    case 'requires_action':
      return { kind: 'pending', providerRefundId };
    case 'failed':
    case 'canceled':
      return {
        kind: 'failed',
        code: refund.failure_reason ?? refund.status,
        message: 'The bank did not take the money back.',
      };
    default:
      return unknown(`Stripe answered with the refund status "${refund.status}".`);
  }
}
