import type { DunningRun, Invoice } from '@nova/prisma-tenant';

import { DAY_MS } from '../../domain/calendar/civil-date.js';
import { momentOfStep } from '../../domain/dunning/dunning-schedule.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { chargeAttempt } from '../payments/charge-attempt.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { awaitPayment, lookAgain } from './await-payment.js';
import { type ChargeStep, chargeStep } from './charge-step.js';
import { courseOf, toDunningRunWire, toEntryWire } from './dunning-run-wire.js';
import { endDunning } from './end-dunning.js';
import { type InvoiceSituation, readSituation } from './invoice-situation.js';
import { takeFinalAction } from './take-final-action.js';
import { tellCustomer, type TellDeps } from './tell-customer.js';

export interface DunningDeps extends TellDeps {
  readonly providers: PaymentProviders;
}

/**
 * Takes the step of a run that is due, or as much of it as can be taken before the outcome of a charge is known. It may
 * run twice, and twice at once: what was done of the step stands in the timeline, which is written in the same
 * transaction, under the lock of the invoice. Only the provider is asked outside of it.
 */
export async function takeStep(ctx: TenantContext, deps: DunningDeps, runId: string): Promise<void> {
  const taken = await ctx.transaction(async (tx) => {
    const held = await holdDue(ctx, tx, runId);
    return held ? workOn(ctx, tx, deps, held) : 'go_on';
  });
  if (typeof taken === 'object') await chargeAttempt(ctx, deps.providers, taken.attempt);
}

interface HeldRun {
  readonly run: DunningRun;
  readonly invoice: Invoice;
}

/** The run with its invoice, held until the transaction ends; null when nothing is due of it any more. */
async function holdDue(ctx: TenantContext, tx: TenantTransaction, runId: string): Promise<HeldRun | null> {
  const known = await tx.db.dunningRun.findUnique({ where: { id: runId } });
  // Test data may have been deleted meanwhile.
  if (!known) return null;
  const invoice = await lockInvoice(tx.db, known.invoiceId);
  await tx.db.$queryRaw`SELECT id FROM dunning_runs WHERE id = ${runId} FOR UPDATE`;
  const run = await tx.db.dunningRun.findUniqueOrThrow({ where: { id: runId } });
  const isDue = run.status === 'running' && run.nextStepAt !== null && run.nextStepAt <= ctx.clock.now();
  return isDue ? { run, invoice } : null;
}

async function workOn(
  ctx: TenantContext,
  tx: TenantTransaction,
  deps: DunningDeps,
  { run, invoice }: HeldRun,
): Promise<ChargeStep> {
  if (invoice.status !== 'open') {
    const ending = invoice.status === 'paid' ? 'recovered' : 'stopped';
    await endDunning(ctx, tx, invoice.id, ending, `The invoice is ${invoice.status}.`);
    return 'go_on';
  }
  const situation = await readSituation(ctx, tx, deps.providers, { run, invoice });
  const step = courseOf(run, ctx.tenant.timeZone).steps[run.nextStep];
  if (!step) return end(ctx, tx, situation);
  const charged = await chargeStep(ctx, tx, deps.providers, { situation, step });
  if (charged !== 'go_on') return charged;
  await tellCustomer(ctx, tx, deps, { situation, step });
  await finishStep(ctx, tx, run);
  return 'go_on';
}

/** What is being paid at this moment, or may have been paid, is neither given up nor canceled. */
async function end(
  ctx: TenantContext,
  tx: TenantTransaction,
  { run, invoice, inFlight, charge }: InvoiceSituation,
): Promise<ChargeStep> {
  if (inFlight) {
    await awaitPayment(ctx, tx, run, inFlight);
    return 'waits';
  }
  if (charge.parked === 'some') {
    await lookAgain(ctx, tx, run, new Date(ctx.clock.now().getTime() + DAY_MS));
    return 'waits';
  }
  await takeFinalAction(ctx, tx, run, invoice);
  return 'go_on';
}

async function finishStep(ctx: TenantContext, tx: TenantTransaction, run: DunningRun): Promise<void> {
  const nextStep = run.nextStep + 1;
  const nextStepAt = momentOfStep(courseOf(run, ctx.tenant.timeZone), nextStep, ctx.clock.now());
  const moved = await tx.db.dunningRun.update({ where: { id: run.id }, data: { nextStep, nextStepAt } });
  tx.due('dunning', nextStepAt);
  const entries = await tx.db.dunningEntry.findMany({
    where: { runId: run.id, step: run.nextStep },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const facts = { step: nextStep, entries: entries.map(toEntryWire) };
  await recordChange(tx, ctx, 'dunning.step_taken', toDunningRunWire(moved), { facts });
}
