import { decideCharge, SKIP_NOTES } from '../../domain/dunning/charge-decision.js';
import type { DunningStep } from '../../domain/dunning/dunning-policy.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { beginAttempt } from '../payments/begin-attempt.js';
import type { Attempt } from '../payments/charge-attempt.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { awaitPayment, lookAgain } from './await-payment.js';
import { writeEntry } from './dunning-entries.js';
import type { InvoiceSituation } from './invoice-situation.js';

/** `go_on`: there is nothing to charge or to wait for. */
export type ChargeStep = 'go_on' | 'waits' | { readonly attempt: Attempt };

/**
 * Sees to the charge of a step. The attempt and the entry that it was made are written together, before any provider is
 * asked: whoever comes back to the step, after a crash or beside another worker, finds the entry and makes no second
 * one; and an attempt whose process died is taken up by its reference where all such are (`verifyPendingPayments`).
 */
export async function chargeStep(
  ctx: TenantContext,
  tx: TenantTransaction,
  accounts: Pick<PaymentProviders, 'usable'>,
  { situation, step }: { situation: InvoiceSituation; step: DunningStep },
): Promise<ChargeStep> {
  const { run, done, inFlight, charge } = situation;
  const charges = step.actions.some(({ kind }) => kind === 'charge');
  const isDecided = done.some(({ kind }) => kind === 'payment_attempt' || kind === 'payment_skipped');
  if (!charges || isDecided) {
    if (!inFlight || charge.inFlight !== 'unattended') return 'go_on';
    await awaitPayment(ctx, tx, run, inFlight);
    return 'waits';
  }
  const decision = decideCharge(charge);
  switch (decision.kind) {
    case 'wait':
      if (inFlight) await awaitPayment(ctx, tx, run, inFlight);
      return 'waits';
    case 'charge':
      return makeAttempt(ctx, tx, accounts, situation);
    case 'counted':
      await writeEntry(ctx, tx, run, {
        kind: 'payment_attempt',
        step: run.nextStep,
        paymentId: done.find(({ kind }) => kind === 'payment_awaited')?.paymentId ?? null,
        note: 'An attempt that was under way has failed, and counts as the one of this step.',
      });
      return 'go_on';
    case 'skip':
      await writeEntry(ctx, tx, run, {
        kind: 'payment_skipped',
        step: run.nextStep,
        note: SKIP_NOTES[decision.reason],
      });
      return 'go_on';
  }
}

async function makeAttempt(
  ctx: TenantContext,
  tx: TenantTransaction,
  accounts: Pick<PaymentProviders, 'usable'>,
  { run, invoice, method }: InvoiceSituation,
): Promise<ChargeStep> {
  const begun = await beginAttempt(ctx, tx, accounts, {
    invoice: invoice.id,
    by: 'schedule',
    paymentMethodId: method?.id,
  });
  if (typeof begun === 'string' || 'interrupted' in begun) {
    throw new Error(`Invoice ${invoice.id} could not be charged, although its row is held.`);
  }
  const { payment } = begun;
  await writeEntry(ctx, tx, run, {
    kind: 'payment_attempt',
    step: run.nextStep,
    paymentId: payment.id,
  });
  await lookAgain(ctx, tx, run, payment.nextCheckAt);
  return { attempt: begun };
}
