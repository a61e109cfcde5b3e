import type { CreditNote, Invoice } from '@nova/prisma-tenant';

import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeBalance } from '../balances/change-balance.js';
import { endDunning } from '../dunning/end-dunning.js';
import { recordEvent } from '../events/record-event.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { refuseWhilePaying } from '../invoices/refuse-while-paying.js';
import { settleCheckoutSessions } from '../checkout-sessions/settle-checkout-sessions.js';
import { refundCreditNote } from '../refunds/refund-credit-note.js';
import { takeBackTopUps } from '../wallets/take-back-top-ups.js';
import type { CreditNoteRequest } from './credit-note-request.js';
import { readCreditableLines, readSettlement } from './creditable-invoice.js';
import { finalizeForCredit } from './finalize-for-credit.js';
import { insertCreditNote } from './insert-credit-note.js';
import { planCreditNote } from './plan-credit-note.js';
import { invoiceEvent } from '../invoices/invoice-event.js';
import { recordChange } from '../events/record-change.js';
import { toCreditNoteWire } from './credit-note-wire.js';
import { readCreditNote } from './credit-notes.repository.js';

/**
 * Takes back a part of an invoice: exact shares of its lines' discounts and taxes, first off what is due, the rest to
 * the customer's balance or back the way it came. A draft is finalised first. Takes the invoice's row, then the balance's;
 * asked again with the same source, it answers with the first note.
 *
 * @returns null when nothing is left to credit: the invoice is void, came to nothing, or was credited before
 * @throws notFound, invalidRequest for a line that is not the invoice's, invoicePaymentInFlight while a payment of what
 * the note would reduce has not ended, creditExceedsInvoice, refundExceedsPayments, walletCreditUsed
 */
export async function issueCreditNote(
  ctx: TenantContext,
  tx: TenantTransaction,
  request: CreditNoteRequest,
): Promise<CreditNote | null> {
  const held = await lockInvoice(tx.db, request.invoiceId);
  // Under the lock: of two that ask at once the second finds the note of the first.
  const earlier = await tx.db.creditNote.findUnique({ where: { source: request.source } });
  if (earlier) return earlier;
  const final = await finalOf(ctx, tx, held, request);
  if (final === null || final.invoice.status === 'void') return null;
  const { invoice } = final;
  const touched = await readCreditableLines(tx.db, invoice.id);
  const settlement = await readSettlement(tx.db, invoice);
  const planned = planCreditNote({ ...request, lines: final.lines }, touched, settlement);
  if (planned === null) return null;
  if (planned.split.toInvoice > 0n) await refuseWhilePaying(tx.db, invoice);
  await reduceDue(ctx, tx, invoice, planned.split.toInvoice);
  await takeBackTopUps(ctx, tx, planned);
  const note = await insertCreditNote(ctx, tx, { invoice, request, planned });
  await giveBack(ctx, tx, note);
  return note;
}

async function finalOf(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
  { lines }: CreditNoteRequest,
): Promise<{ invoice: Invoice; lines: CreditNoteRequest['lines'] } | null> {
  return invoice.status === 'draft' ? finalizeForCredit(ctx, tx, invoice, lines) : { invoice, lines };
}

async function reduceDue(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Invoice,
  by: bigint,
): Promise<void> {
  if (by === 0n) return;
  const now = ctx.clock.now();
  const amountDue = invoice.amountDue - by;
  const reduced = await tx.db.invoice.update({
    where: { id: invoice.id },
    data: {
      amountCredited: invoice.amountCredited + by,
      amountDue,
      ...(amountDue === 0n ? { status: invoiceStates.next(invoice.status, 'settle'), paidAt: now } : {}),
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  const type = amountDue === 0n ? 'invoice.paid' : 'invoice.updated';
  await recordEvent(tx, ctx, invoiceEvent(type, reduced, { before: invoice }));
  if (amountDue === 0n) {
    await endDunning(ctx, tx, invoice.id, 'stopped', 'What was due of the invoice was credited.');
  }
  await settleCheckoutSessions(ctx, tx, reduced, null);
}

async function giveBack(ctx: TenantContext, tx: TenantTransaction, note: CreditNote): Promise<void> {
  const { customerId, currency, invoiceId } = note;
  if (note.toBalance > 0n) {
    await changeBalance(ctx, tx, {
      customerId,
      currency,
      kind: 'credit_note',
      amount: note.toBalance,
      source: `credit_note:${note.id}`,
      invoiceId,
      creditNoteId: note.id,
    });
  }
  if (note.toRefund > 0n) await refundCreditNote(ctx, tx, note);
  const shown = toCreditNoteWire(await readCreditNote(tx.db, note.id));
  await recordChange(tx, ctx, 'credit_note.created', shown);
}
