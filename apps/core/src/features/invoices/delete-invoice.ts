import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { deleteLines } from '../billing/rewrite-drafts.js';
import { invoiceNotDraft } from './invoices.errors.js';
import { lockInvoice } from './invoices.repository.js';

/**
 * Deletes a draft, which never had a number. What was issued is voided instead.
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
    await deleteLines(tx, [invoice.id]);
    await tx.db.invoice.delete({ where: { id: invoice.id } });
  });
}
