import { toRefundAmount } from '../../../../domain/payments/provider-amounts.js';
import { listAt, textAt, valueAt } from '../json-fields.js';
import { type RefundOutcome, type RefundState, unknown } from '../outcomes.js';
import type { RefundOrder } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { hasWorked, type PaystackApi, refusalOf } from './paystack-api.js';

/**
 * `POST /refund`. Refunds have no key that makes them idempotent: our reference goes along as a note, by which
 * `findRefund` finds one whose answer was lost.
 */
export async function refundTransaction(api: PaystackApi, order: RefundOrder): Promise<RefundOutcome> {
  const given = toRefundAmount('paystack', order);
  if ('refused' in given)
    return { kind: 'failed', code: given.refused, message: 'Paystack gives back no such amount.' };
  const answer = await api.call({
    method: 'POST',
    path: ['refund'],
    body: {
      transaction: order.payment.providerPaymentId ?? order.payment.reference,
      amount: Number(given.text),
      currency: order.currency,
      merchant_note: order.reference,
    },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  if (hasWorked(answer)) return refundOutcome(valueAt(answer.body, 'data'));
  const { code, message } = refusalOf(answer.body);
  return { kind: 'failed', code, message };
}

/** `GET /refund/:id` once its id is known, and else the refunds of the transaction, by the note. */
export async function findRefund(api: PaystackApi, order: RefundOrder): Promise<RefundState> {
  const { providerRefundId: id, payment } = order;
  const answer = await api.call(
    id === null
      ? {
          method: 'GET',
          path: ['refund'],
          query: { transaction: payment.providerPaymentId ?? payment.reference, perPage: '100' },
        }
      : { method: 'GET', path: ['refund', id] },
  );
  if (!isDecided(answer)) return inDoubt(answer);
  if (!hasWorked(answer)) return unknown(refusalOf(answer.body).message);
  if (id !== null) return refundOutcome(valueAt(answer.body, 'data'));
  const ours = listAt(answer.body, 'data').find(
    (refund) => textAt(refund, 'merchant_note') === order.reference,
  );
  return ours === undefined ? { kind: 'not_found' } : refundOutcome(ours);
}

function refundOutcome(data: unknown): RefundOutcome {
  const providerRefundId = textAt(data, 'id');
  if (providerRefundId === null) return unknown('Paystack told of a refund without its id.');
  const status = textAt(data, 'status');
  switch (status) {
    case 'processed':
      return { kind: 'succeeded', providerRefundId };
    case 'failed':
      return { kind: 'failed', code: 'refund_failed', message: 'The bank did not take the money back.' };
    // Somebody has to give Paystack an account for it; until then the money is on its way.
    case 'needs-attention':
    case 'pending':
    case 'processing':
      return { kind: 'pending', providerRefundId };
    default:
      return unknown(`Paystack answered with the refund status "${status}".`);
  }
}
