import type { DunningRun, Payment } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { writeEntry } from './dunning-entries.js';

/** How long after the provider is asked the step looks again by itself, should nobody have woken it. */
const LOOK_AFTER_MS = 60_000;

/**
 * Lets a step wait for an attempt that has not ended: nothing is done beside it. A failure wakes the step
 * (`dunningAfterFailure`) and a success ends the dunning; should neither come through, it looks again by itself.
 */
export async function awaitPayment(
  ctx: TenantContext,
  tx: TenantTransaction,
  run: DunningRun,
  payment: Payment,
): Promise<void> {
  const own = await tx.db.dunningEntry.findFirst({
    where: { runId: run.id, step: run.nextStep, paymentId: payment.id },
    select: { id: true },
  });
  if (!own) {
    const note = 'An attempt is under way: its outcome is waited for.';
    await writeEntry(ctx, tx, run, {
      kind: 'payment_awaited',
      step: run.nextStep,
      paymentId: payment.id,
      note,
    });
  }
  await lookAgain(ctx, tx, run, payment.nextCheckAt);
}

/** Puts the step off until the provider has been asked after the payment. */
export async function lookAgain(
  ctx: TenantContext,
  tx: TenantTransaction,
  run: DunningRun,
  askedAt: Date | null,
): Promise<void> {
  const now = ctx.clock.now().getTime();
  const nextStepAt = new Date(Math.max(now, askedAt?.getTime() ?? now) + LOOK_AFTER_MS);
  await tx.db.dunningRun.update({ where: { id: run.id }, data: { nextStepAt } });
  tx.due('dunning', nextStepAt);
}
