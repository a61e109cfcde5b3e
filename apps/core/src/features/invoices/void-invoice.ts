import type { Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { returnCredit } from '../balances/return-credit.js';
import { settleCheckoutSessions } from '../checkout-sessions/settle-checkout-sessions.js';
import { returnDiscounts } from '../billing/return-discounts.js';
import type { InvoiceWithLines } from './invoice-wire.js';
import { invoiceNotVoidable } from './invoices.errors.js';
import { lockInvoice, readInvoice } from './invoices.repository.js';
import { refuseWhilePaying } from './refuse-while-paying.js';
import { endDunning } from '../dunning/end-dunning.js';
import { recordEvent } from '../events/record-event.js';
import { invoiceEvent } from './invoice-event.js';

/**
 * Takes back an issued invoice that no money was paid on. It keeps its number, so that the series has no gap, and gives
 * back what it had used of discounts, of the customer's balance and of its wallets.
 * @throws notFound, invoiceNotVoidable, invoicePaymentInFlight
 */
export async function voidInvoice(ctx: TenantContext, reference: string): Promise<InvoiceWithLines> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    await refuseUnlessVoidable(tx, invoice);
    await returnDiscounts(ctx, tx, invoice);
    await returnCredit(ctx, tx, invoice);
    const now = ctx.clock.now();
    const voided = await tx.db.invoice.update({
      where: { id: invoice.id },
      data: {
        status: invoiceStates.next(invoice.status, 'void'),
        amountDue: 0n,
        balanceApplied: 0n,
        walletApplied: 0n,
        voidedAt: now,
        version: { increment: 1 },
        updatedAt: now,
      },
    });
    await recordEvent(tx, ctx, invoiceEvent('invoice.voided', voided));
    await endDunning(ctx, tx, invoice.id, 'stopped', 'The invoice was voided.');
    await settleCheckoutSessions(ctx, tx, voided, null);
    return readInvoice(tx.db, invoice.id);
  });
}

/** What was credited of an invoice is on a document of its own, which has to be taken back before the invoice is. */
async function refuseUnlessVoidable({ db }: TenantTransaction, invoice: Invoice): Promise<void> {
  if (!invoiceStates.canMove(invoice.status, 'void')) {
    throw invoiceNotVoidable(`Invoice ${invoice.id} is ${invoice.status}.`);
  }
  if (invoice.amountPaid > 0n) {
    throw invoiceNotVoidable(`Of invoice ${invoice.id}, ${invoice.amountPaid} is paid already.`);
  }
  const note = await db.creditNote.findFirst({
    where: { invoiceId: invoice.id, status: 'issued' },
    select: { number: true },
  });
  if (note) throw invoiceNotVoidable(`Invoice ${invoice.id} has the credit note ${note.number}.`);
  await refuseWhilePaying(db, invoice);
}
