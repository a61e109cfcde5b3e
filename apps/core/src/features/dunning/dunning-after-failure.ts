import type { DunningRun, Payment } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { beginDunning } from './begin-dunning.js';
import { choosePolicy } from './choose-policy.js';

/**
 * What follows for an invoice, which this transaction holds, when an attempt at it has failed. The first charge without
 * the customer that fails begins its dunning; an attempt that a step has waited for lets the step go on at once. What a
 * customer tries on a page, and what was dunned before and has ended, begins nothing.
 */
export async function dunningAfterFailure(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
): Promise<void> {
  const run = await tx.db.dunningRun.findUnique({ where: { invoiceId: payment.invoiceId } });
  if (run) return goOn(ctx, tx, run, payment);
  if (payment.paymentMethodId === null) return;
  const invoice = await tx.db.invoice.findUniqueOrThrow({ where: { id: payment.invoiceId } });
  if (invoice.status !== 'open' || invoice.collectionMethod !== 'charge_automatically') return;
  const policy = await choosePolicy(tx.db, invoice);
  if (policy)
    await beginDunning(ctx, tx, invoice, { policy, reason: 'payment_failed', paymentId: payment.id });
}

async function goOn(
  ctx: TenantContext,
  tx: TenantTransaction,
  run: DunningRun,
  payment: Payment,
): Promise<void> {
  if (run.status !== 'running') return;
  const awaited = await tx.db.dunningEntry.findFirst({
    where: { runId: run.id, step: run.nextStep, paymentId: payment.id },
    select: { id: true },
  });
  if (!awaited) return;
  const now = ctx.clock.now();
  await tx.db.dunningRun.update({ where: { id: run.id }, data: { nextStepAt: now } });
  tx.due('dunning', now);
}
