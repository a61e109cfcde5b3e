import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { writeEntry } from './dunning-entries.js';
import { toDunningRunWire } from './dunning-run-wire.js';

/**
 * Ends the dunning of an invoice that this transaction holds, if it is being dunned: `recovered` when it was paid,
 * `stopped` when there is no reason to go on. Called wherever an invoice stops being owed, whichever way, in the same
 * transaction: nobody who has paid is charged or reminded by a step that comes a moment later.
 */
export async function endDunning(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoiceId: string,
  ending: 'recovered' | 'stopped',
  note: string | null = null,
): Promise<void> {
  const run = await tx.db.dunningRun.findUnique({ where: { invoiceId } });
  if (run?.status !== 'running') return;
  const ended = await tx.db.dunningRun.update({
    where: { id: run.id },
    data: { status: ending, nextStepAt: null, endedAt: ctx.clock.now() },
  });
  await writeEntry(ctx, tx, run, { kind: ending, note });
  await recordChange(tx, ctx, `dunning.${ending}`, toDunningRunWire(ended), { facts: { note } });
}

/** Stops the dunning of what a subscription that has ended was billed: nobody is charged for what they have left. */
export async function endDunningOfSubscription(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptionId: string,
): Promise<void> {
  const runs = await tx.db.dunningRun.findMany({
    where: { status: 'running', invoice: { subscriptionId } },
    orderBy: { id: 'asc' },
    select: { invoiceId: true },
  });
  for (const { invoiceId } of runs) {
    await endDunning(ctx, tx, invoiceId, 'stopped', 'The subscription has ended.');
  }
}
