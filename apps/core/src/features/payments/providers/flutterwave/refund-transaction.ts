import { toRefundAmount } from '../../../../domain/payments/provider-amounts.js';
import { textAt, valueAt } from '../json-fields.js';
import { type RefundOutcome, type RefundState, unknown } from '../outcomes.js';
import type { RefundOrder } from '../payment-provider.js';
import { inDoubt, isDecided } from '../undecided.js';
import { type FlutterwaveApi, hasWorked, refusalOf } from './flutterwave-api.js';

/** `POST /transactions/:id/refund`. It has no key that makes it idempotent, so it is asked for once. */
export async function refundTransaction(api: FlutterwaveApi, order: RefundOrder): Promise<RefundOutcome> {
  const given = toRefundAmount('flutterwave', order);
  if ('refused' in given) {
    return { kind: 'failed', code: given.refused, message: 'Flutterwave gives back no such amount.' };
  }
  const { providerPaymentId } = order.payment;
  if (providerPaymentId === null) {
    return { kind: 'failed', code: 'unknown_charge', message: 'The payment has no id at Flutterwave.' };
  }
  const answer = await api.call({
    method: 'POST',
    path: ['transactions', providerPaymentId, 'refund'],
    body: { amount: Number(given.text), comments: order.reference },
  });
  if (!isDecided(answer)) return inDoubt(answer);
  if (hasWorked(answer)) return refundOutcome(valueAt(answer.body, 'data'));
  const { code, message } = refusalOf(answer);
  return { kind: 'failed', code, message };
}

/**
 * `GET /refunds/:id`. A refund whose answer was lost has no id here, and no list of Flutterwave's tells whose it is: that
 * it may have been made is all that is known, and a person has to look.
 */
export async function findRefund(
  api: FlutterwaveApi,
  { providerRefundId }: RefundOrder,
): Promise<RefundState> {
  if (providerRefundId === null)
    return unknown('Whether Flutterwave made the refund only its dashboard tells.');
  const answer = await api.call({ method: 'GET', path: ['refunds', providerRefundId] });
  if (!isDecided(answer)) return inDoubt(answer);
  return hasWorked(answer) ? refundOutcome(valueAt(answer.body, 'data')) : unknown(refusalOf(answer).message);
}

function refundOutcome(data: unknown): RefundOutcome {
  const providerRefundId = textAt(data, 'id');
  if (providerRefundId === null) return unknown('Flutterwave told of a refund without its id.');
  const status = textAt(data, 'status') ?? '';
  // `completed-bank-transfer`, `pending-momo` and their like say how.
  if (status.startsWith('completed')) return { kind: 'succeeded', providerRefundId };
  if (status === 'failed') {
    return { kind: 'failed', code: 'refund_failed', message: 'Flutterwave could not give the money back.' };
  }
  if (/^(pending|processing|new|initiated)/.test(status)) return { kind: 'pending', providerRefundId };
  return unknown(`Flutterwave answered with the refund status "${status}".`);
}
