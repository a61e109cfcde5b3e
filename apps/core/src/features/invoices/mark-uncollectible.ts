import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { endDunning } from '../dunning/end-dunning.js';
import { giveUpInvoice } from './give-up-invoice.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { invoiceNotOpen } from './invoices.errors.js';
import { lockInvoice, readInvoice } from './invoices.repository.js';
import { refuseWhilePaying } from './refuse-while-paying.js';

/**
 * Gives an open invoice up as a bad debt. It stays owed and keeps what is due: nobody charges it unattended any more,
 * and money that comes for it after all settles it.
 * @throws notFound, invoiceNotOpen, invoicePaymentInFlight
 */
export async function markUncollectible(ctx: TenantContext, reference: string): Promise<InvoiceWithLines> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    if (!invoiceStates.canMove(invoice.status, 'mark_uncollectible')) {
      throw invoiceNotOpen(`Invoice ${invoice.id} is ${invoice.status}.`);
    }
    await refuseWhilePaying(tx.db, invoice);
    await giveUpInvoice(ctx, tx, invoice);
    await endDunning(ctx, tx, invoice.id, 'stopped', 'The invoice was given up.');
    return readInvoice(tx.db, invoice.id);
  });
}
