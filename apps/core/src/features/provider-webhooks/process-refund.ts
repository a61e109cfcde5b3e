import type { Refund } from '@nova/prisma-tenant';

import { TRIES_OF_A_RACE } from '../../domain/payments/webhook-ladder.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordRefundOutcome } from '../refunds/record-refund-outcome.js';
import { type RefundOfMoney, resumeRefund, WITH_MONEY } from '../refunds/send-refund.js';
import {
  type DueWebhook,
  later,
  parked,
  type ProcessDeps,
  processed,
  type WebhookResult,
} from './webhook-result.js';

/**
 * Asks after the refund that a webhook tells of, at once. What a provider answers by callback only is taken as told, of a
 * refund that it names.
 */
export async function processRefund(
  ctx: TenantContext,
  { providers }: ProcessDeps,
  webhook: DueWebhook,
): Promise<WebhookResult> {
  const { event, attempts } = webhook;
  const named = await findNamed(ctx, webhook);
  if (event.answer && named) {
    const { providerRefundId } = event;
    const outcome =
      event.answer.kind === 'failed'
        ? event.answer
        : ({ kind: 'succeeded', providerRefundId: providerRefundId ?? named.reference } as const);
    return told(await recordRefundOutcome(ctx, named.id, outcome));
  }
  const refunds = named ? [named] : event.answer ? [] : await findOfPayment(ctx, webhook);
  if (refunds.length === 0) {
    // Its name may be in an answer that is under way still.
    return attempts < TRIES_OF_A_RACE
      ? later('No refund of this name is known yet.')
      : parked('It tells of a refund that was not made here.');
  }
  for (const refund of refunds) {
    if (refund.status !== 'failed') await resumeRefund(ctx, providers, refund);
  }
  return processed('The provider was asked after the refund.');
}

function told({ status }: Refund): WebhookResult {
  return processed(`The refund has ${status}, as the provider tells by callback alone.`);
}

/** The refund that the webhook names by our reference, or by the provider's. */
function findNamed(ctx: TenantContext, { provider, event }: DueWebhook): Promise<RefundOfMoney | null> {
  const names = [
    ...(event.reference === null ? [] : [{ reference: event.reference }]),
    ...(event.providerRefundId === null ? [] : [{ providerRefundId: event.providerRefundId }]),
  ];
  if (names.length === 0) return Promise.resolve(null);
  return ctx.db.refund.findFirst({ where: { provider, OR: names }, include: WITH_MONEY });
}

/** The refunds of the payment that it names which may be meant: those under way, and those that may have come back. */
function findOfPayment(ctx: TenantContext, { provider, event }: DueWebhook): Promise<RefundOfMoney[]> {
  const { reference, providerPaymentId } = event;
  const names = [
    ...(reference === null ? [] : [{ payment: { reference } }]),
    ...(providerPaymentId === null
      ? []
      : [{ payment: { providerPaymentId } }, { unmatchedPayment: { providerPaymentId } }]),
  ];
  if (names.length === 0) return Promise.resolve([]);
  return ctx.db.refund.findMany({
    where: { provider, status: { not: 'failed' }, OR: names },
    include: WITH_MONEY,
  });
}
