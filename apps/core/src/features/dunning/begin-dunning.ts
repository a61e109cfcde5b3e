import type { DunningPolicy, DunningRun, Invoice } from '@nova/prisma-tenant';

import { doesNothing, type DunningPlan, type FinalAction } from '../../domain/dunning/dunning-policy.js';
import { momentOfStep } from '../../domain/dunning/dunning-schedule.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { writeEntry } from './dunning-entries.js';
import { toDunningRunWire } from './dunning-run-wire.js';
import { readSteps, stepsJson } from './dunning-step-wire.js';

/** Why an invoice is dunned. */
type DunningReason = 'payment_failed' | 'overdue' | 'requested';

const NOTES: Readonly<Record<DunningReason, string>> = {
  payment_failed: 'An automatic charge has failed.',
  overdue: 'The invoice is overdue.',
  requested: 'Somebody has asked for it.',
};

interface Beginning {
  readonly policy: DunningPolicy;
  readonly reason: DunningReason;
  /** The payment that has failed, where that is why. */
  readonly paymentId?: string;
}

/**
 * Begins the dunning of an invoice that this transaction holds and that is not being dunned, by the steps that the policy
 * has now. Of an invoice that was dunned before, the steps that were taken stay in its timeline, and those of the policy
 * follow them, with their days counted from now.
 * @returns null when the policy does nothing
 */
export async function beginDunning(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Pick<Invoice, 'id'>,
  { policy, reason, paymentId }: Beginning,
): Promise<DunningRun | null> {
  const plan = planOf(policy);
  if (doesNothing(plan)) return null;
  const now = ctx.clock.now();
  const earlier = await earlierGo(tx, invoice.id);
  const taken = earlier?.taken ?? [];
  const course = { ...plan, startedAt: now, timeZone: ctx.tenant.timeZone };
  const nextStepAt = momentOfStep(course, 0, null);
  const data = {
    policyId: policy.id,
    steps: stepsJson([...taken, ...plan.steps]),
    finalAction: plan.finalAction,
    finalAfterDays: plan.finalAfterDays,
    status: 'running',
    nextStep: taken.length,
    nextStepAt,
    startedAt: now,
    endedAt: null,
  };
  const run = earlier
    ? await tx.db.dunningRun.update({ where: { id: earlier.id }, data })
    : await tx.db.dunningRun.create({ data: { ...data, id: newId('dnr'), invoiceId: invoice.id } });
  tx.due('dunning', nextStepAt);
  await writeEntry(ctx, tx, run, { kind: 'started', paymentId: paymentId ?? null, note: NOTES[reason] });
  const facts = { reason, paymentId: paymentId ?? null };
  await recordChange(tx, ctx, 'dunning.started', toDunningRunWire(run), { facts });
  return run;
}

/** The policy as the steps and the end that it has now. */
function planOf({ steps, finalAction, finalAfterDays }: DunningPolicy): DunningPlan {
  return { steps: readSteps(steps), finalAction: finalAction as FinalAction, finalAfterDays };
}

async function earlierGo(tx: TenantTransaction, invoiceId: string) {
  const run = await tx.db.dunningRun.findUnique({
    where: { invoiceId },
    include: { entries: { orderBy: { step: 'desc' }, take: 1 } },
  });
  if (!run) return null;
  // A step that was left half done is not done again.
  const count = Math.max(run.nextStep, (run.entries[0]?.step ?? -1) + 1);
  return { id: run.id, taken: readSteps(run.steps).slice(0, count) };
}
