import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { dunningNotRunning } from './dunning.errors.js';
import { endDunning } from './end-dunning.js';
import { type DunningTimeline, readTimeline } from './read-timeline.js';

/**
 * Stops the dunning of an invoice, which stays owed. A charge that is under way is not called back.
 * @throws notFound, dunningNotRunning
 */
export async function stopDunning(ctx: TenantContext, reference: string): Promise<DunningTimeline> {
  return ctx.transaction(async (tx) => {
    const { id } = await lockInvoice(tx.db, reference);
    const run = await tx.db.dunningRun.findUnique({ where: { invoiceId: id } });
    if (run?.status !== 'running') throw dunningNotRunning(`Invoice ${id} is not being dunned.`);
    await endDunning(ctx, tx, id, 'stopped', 'Somebody has stopped it.');
    return readTimeline(tx.db, id);
  });
}
