import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { deleteLines } from '../billing/rewrite-drafts.js';
import { invoiceNotDraft } from './invoices.errors.js';
import { lockInvoice } from './invoices.repository.js';
import { recordEvent } from '../events/record-event.js';
import { invoiceEvent } from './invoice-event.js';

/**
 * Deletes a draft, which never had a number. What was issued is voided instead. What a subscription would have charged
 * with it is given up.
 * @throws notFound, preconditionFailed, invoiceNotDraft
 */
export async function deleteInvoice(
  ctx: TenantContext,
  reference: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    checkVersion(expected, invoice.version);
    if (!invoiceStates.canMove(invoice.status, 'edit')) {
      throw invoiceNotDraft(`Invoice ${invoice.id} is ${invoice.status}: it can be voided, not deleted.`);
    }
    await giveUpClaims(tx, invoice.id);
    await deleteLines(tx, [invoice.id]);
    await tx.db.invoice.delete({ where: { id: invoice.id } });
    await recordEvent(tx, ctx, invoiceEvent('invoice.deleted', invoice));
  });
}

/** The period stays claimed, so that nobody bills it again; its usage is not, so that late events do not bring it back. */
async function giveUpClaims(tx: TenantTransaction, invoiceId: string): Promise<void> {
  await tx.db.billingPeriod.deleteMany({ where: { invoiceId, kind: { in: ['usage', 'final'] } } });
  await tx.db.billingPeriod.updateMany({ where: { invoiceId }, data: { invoiceId: null } });
}
