import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { creditOverbilled } from '../billing/credit-overbilled.js';
import { finalizeDrafts } from '../billing/finalize-drafts.js';
import { rerateDrafts } from '../billing/rerate-drafts.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { invoiceHasNoLines, invoiceNotDraft } from './invoices.errors.js';
import { lockInvoice, readInvoice } from './invoices.repository.js';

/**
 * Turns a draft into the document that the customer gets: numbered, dated, and never changed again.
 * @throws notFound, invoiceNotDraft, invoiceHasNoLines
 */
export async function finalizeInvoice(ctx: TenantContext, reference: string): Promise<InvoiceWithLines> {
  const issued = await ctx.transaction(async (tx) => {
    const draft = await lockInvoice(tx.db, reference);
    if (!invoiceStates.canMove(draft.status, 'finalize')) {
      throw invoiceNotDraft(`Invoice ${draft.id} is ${draft.status}.`);
    }
    const { chargesOf, overbilled } = await rerateDrafts(tx, [draft.id]);
    if (chargesOf(draft.id).length === 0) {
      throw invoiceHasNoLines(`Invoice ${draft.id} bills nothing: give it a line first.`);
    }
    await creditOverbilled(ctx, tx, overbilled);
    // The number is taken as the last thing in the transaction: nothing is read after it.
    const [invoice] = await finalizeDrafts(ctx, tx, [draft], chargesOf);
    if (!invoice) throw invoiceHasNoLines(`Invoice ${draft.id} came to nothing.`);
    return invoice;
  });
  return readInvoice(ctx.db, issued.id);
}
