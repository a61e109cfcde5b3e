import type { DunningPolicy, Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { invoiceNotOpen } from '../invoices/invoices.errors.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { beginDunning } from './begin-dunning.js';
import { choosePolicy } from './choose-policy.js';
import { dunningRunning, noDunningPolicy } from './dunning.errors.js';
import { refuseUnlessOffered, requireDunningPolicy } from './dunning-policies.repository.js';
import type { StartDunning } from './dunning-policies.schemas.js';
import { type DunningTimeline, readTimeline } from './read-timeline.js';

/**
 * Begins the dunning of an open invoice now, because somebody asks for it, with its days counted from now; again, where it
 * has ended before.
 * @throws notFound, invoiceNotOpen, dunningRunning, noDunningPolicy, invalidRequest
 */
export async function startDunning(
  ctx: TenantContext,
  reference: string,
  { policyId }: StartDunning,
): Promise<DunningTimeline> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    if (invoice.status !== 'open') throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
    const run = await tx.db.dunningRun.findUnique({ where: { invoiceId: invoice.id } });
    if (run?.status === 'running') throw dunningRunning(`Invoice ${invoice.id} is being dunned.`);
    const policy = await policyOf(tx, invoice, policyId);
    const begun = policy && (await beginDunning(ctx, tx, invoice, { policy, reason: 'requested' }));
    if (!begun) throw noDunningPolicy(`Invoice ${invoice.id} has no dunning policy that does anything.`);
    return readTimeline(tx.db, invoice.id);
  });
}

async function policyOf(
  { db }: TenantTransaction,
  invoice: Invoice,
  policyId: string | undefined,
): Promise<DunningPolicy | null> {
  if (policyId === undefined) return choosePolicy(db, invoice);
  await refuseUnlessOffered(db, policyId, '/policyId');
  return requireDunningPolicy(db, policyId);
}
