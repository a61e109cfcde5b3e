import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { invoiceNotVoidable } from './invoices.errors.js';
import { lockInvoice, readInvoice } from './invoices.repository.js';
import { refuseWhilePaying } from './refuse-while-paying.js';

/**
 * Takes back an issued invoice that nothing was paid on. It keeps its number, so that the series has no gap.
 * @throws notFound, invoiceNotVoidable, invoicePaymentInFlight
 */
export async function voidInvoice(ctx: TenantContext, reference: string): Promise<InvoiceWithLines> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    if (!invoiceStates.canMove(invoice.status, 'void')) {
      throw invoiceNotVoidable(`Invoice ${invoice.id} is ${invoice.status}.`);
    }
    if (invoice.amountPaid > 0n) {
      throw invoiceNotVoidable(`Of invoice ${invoice.id}, ${invoice.amountPaid} is paid already.`);
    }
    await refuseWhilePaying(tx.db, invoice);
    const now = ctx.clock.now();
    await tx.db.invoice.update({
      where: { id: invoice.id },
      data: {
        status: invoiceStates.next(invoice.status, 'void'),
        amountDue: 0n,
        voidedAt: now,
        version: { increment: 1 },
        updatedAt: now,
      },
    });
    return readInvoice(tx.db, invoice.id);
  });
}
