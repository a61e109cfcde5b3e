import { TRIES_OF_A_RACE } from '../../domain/payments/webhook-ladder.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type Received, receiveUnasked } from '../unmatched-payments/receive-unasked.js';
import { ignored, later, parked, type ProcessDeps, processed, type WebhookResult } from './webhook-result.js';
import type { Subject } from './webhook-subjects.js';

/**
 * Webhooks of a payment that is none of our attempts: made by hand to a pay bill number, or by other software on the same
 * account. Money that came is never ignored.
 */
export async function processUnknownPayment(
  ctx: TenantContext,
  { providers }: ProcessDeps,
  { webhooks: [webhook] }: Subject,
): Promise<WebhookResult> {
  const { provider, event, attempts, receivedAt } = webhook;
  // The push's name may be in an answer that is under way still.
  const mayBeUnderWay = event.type === 'stkCallback' && attempts < TRIES_OF_A_RACE;
  if (mayBeUnderWay) return later('No push of this name is known yet.');
  if (event.kind !== 'payment.succeeded') return ignored('It is about no payment that was made here.');
  const { amount, currency } = event.claims;
  const { receipt, payer = null } = event;
  const providerPaymentId = (provider === 'mpesa' ? receipt : null) ?? event.providerPaymentId ?? receipt;
  if (amount === null || amount <= 0n || currency === null || providerPaymentId === null) {
    return parked('It tells of money, and does not say how much or by which payment.');
  }
  const billReference = event.billReference ?? event.reference;
  const money = { provider, providerPaymentId, amount, currency, billReference, payer, receipt, receivedAt };
  return processed(NOTES[(await receiveUnasked(ctx, providers, money)).kind]);
}

const NOTES: Readonly<Record<Received['kind'], string>> = {
  counted: 'The money was counted before.',
  taken: 'Nobody had asked for the money; it was taken to the invoice that it names.',
  parked: 'Nobody had asked for the money; it waits among the unmatched payments.',
};
