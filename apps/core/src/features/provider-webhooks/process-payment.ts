import type { TenantContext } from '../../tenancy/tenant-context.js';
import { queryOf } from '../payments/charge-attempt.js';
import type { VerifyOutcome } from '../payments/providers/outcomes.js';
import { recordOutcome } from '../payments/record-outcome.js';
import type { StoredEvent } from './stored-event.js';
import { later, type ProcessDeps, processed, type WebhookResult } from './webhook-result.js';
import type { Subject } from './webhook-subjects.js';

type OfPayment = Extract<Subject, { kind: 'payment' }>;

/**
 * Asks the provider what became of a payment that webhooks tell of, and records that. What they say themselves gives no
 * value; they add what an answer to the question lacks: the receipt that a payer has in hand.
 */
export async function processPayment(
  ctx: TenantContext,
  { providers }: ProcessDeps,
  { webhooks, payment }: OfPayment,
): Promise<WebhookResult> {
  const events = webhooks.map(({ event }) => event);
  if (payment.status === 'succeeded') {
    await nameReceipt(ctx, payment.id, events);
    return processed('The payment had succeeded before.');
  }
  const tellsOfSuccess = events.some(({ kind }) => kind === 'payment.succeeded');
  if (payment.status === 'failed' && !tellsOfSuccess) return processed('The payment had failed before.');
  const provider = await providers.of(ctx, payment.provider);
  const query = queryOf(payment, payment.paymentMethod);
  const told = events.find(({ providerPaymentId }) => providerPaymentId !== null)?.providerPaymentId ?? null;
  const outcome = await provider.verify(ctx, {
    ...query,
    providerPaymentId: query.providerPaymentId ?? told,
  });
  return record(ctx, payment, { outcome, events, tellsOfSuccess });
}

interface Answer {
  readonly outcome: VerifyOutcome;
  readonly events: readonly StoredEvent[];
  readonly tellsOfSuccess: boolean;
}

/** What decides nothing is not recorded: it would use up the questions that are asked by the clock. */
async function record(
  ctx: TenantContext,
  { id, status }: OfPayment['payment'],
  { outcome, events, tellsOfSuccess }: Answer,
): Promise<WebhookResult> {
  switch (outcome.kind) {
    case 'succeeded': {
      const { status: now } = await recordOutcome(ctx, id, { ...namesIn(events), ...outcome });
      return processed(`The provider says that it was paid: the payment has ${now}.`);
    }
    case 'declined':
    case 'rejected':
      // A page lets a card that failed be followed by another: the question may have been answered about the first.
      if (tellsOfSuccess) return later('It tells of success, and the provider says that the payment failed.');
      await recordOutcome(ctx, id, outcome);
      return processed(`The provider says that it failed: ${outcome.code}.`);
    case 'pending':
    case 'requires_action':
      if (status === 'created') await recordOutcome(ctx, id, outcome);
      return tellsOfSuccess
        ? later('It tells of success, and the provider has the payment under way still.')
        : processed('The provider has it under way; it is asked after.');
    case 'not_found':
      return later('The provider does not know of the payment yet.');
    case 'unknown':
      return later(`The provider could not be asked: ${outcome.message}`);
  }
}

async function nameReceipt(ctx: TenantContext, id: string, events: readonly StoredEvent[]): Promise<void> {
  const { receipt, payer } = namesIn(events);
  if (receipt === undefined) return;
  await ctx.transaction((tx) =>
    tx.db.payment.updateMany({
      where: { id, receipt: null },
      data: { receipt, ...(payer === undefined ? {} : { payer }), updatedAt: ctx.clock.now() },
    }),
  );
}

function namesIn(events: readonly StoredEvent[]): { receipt?: string; payer?: string } {
  const told = events.find(({ kind, receipt }) => kind === 'payment.succeeded' && receipt !== null);
  return {
    ...(told?.receipt ? { receipt: told.receipt } : {}),
    ...(told?.payer === undefined ? {} : { payer: told.payer }),
  };
}
