import type { CreditNote, Invoice } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { changeBalance } from '../balances/change-balance.js';
import { recordEvent } from '../events/record-event.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { type CreditNoteWithLines, toCreditNoteWire } from './credit-note-wire.js';
import { creditNoteNotVoidable } from './credit-notes.errors.js';
import { readCreditNote, requireCreditNote } from './credit-notes.repository.js';
import type { UpdateCreditNote } from './credit-notes.schemas.js';
import { invoiceEvent } from '../invoices/invoice-event.js';
import { recordChange } from '../events/record-change.js';

/**
 * Takes a credit note back that was issued in error: what it took off the invoice is due again, and what it put on the
 * balance is taken off it. It keeps its number. Refused where that cannot be: money has gone back, the balance was used,
 * or the invoice has been paid since.
 * @throws notFound, preconditionFailed, creditNoteNotVoidable, balanceTooLow
 */
export async function voidCreditNote(
  ctx: TenantContext,
  reference: string,
  expected: ExpectedVersions,
): Promise<CreditNoteWithLines> {
  return ctx.transaction(async (tx) => {
    const { note, invoice } = await lockCreditNote(tx, reference);
    checkVersion(expected, note.version);
    await refuseUnlessVoidable(tx, note, invoice);
    const { id, invoiceId, customerId, currency } = note;
    const now = ctx.clock.now();
    if (note.toBalance > 0n) {
      await changeBalance(ctx, tx, {
        customerId,
        currency,
        kind: 'credit_note_void',
        amount: -note.toBalance,
        source: `credit_note_void:${id}`,
        invoiceId,
        creditNoteId: id,
      });
    }
    if (note.toInvoice > 0n) {
      const reopened = await tx.db.invoice.update({
        where: { id: invoiceId },
        data: {
          amountCredited: { decrement: note.toInvoice },
          amountDue: { increment: note.toInvoice },
          version: { increment: 1 },
          updatedAt: now,
        },
      });
      await recordEvent(tx, ctx, invoiceEvent('invoice.updated', reopened, { before: invoice }));
    }
    await tx.db.creditNote.update({
      where: { id },
      data: { status: 'void', voidedAt: now, version: { increment: 1 }, updatedAt: now },
    });
    const voided = await readCreditNote(tx.db, id);
    await recordChange(tx, ctx, 'credit_note.voided', toCreditNoteWire(voided));
    return voided;
  });
}

/**
 * Changes what callers keep with a credit note; the document stands as it is.
 * @throws notFound, preconditionFailed
 */
export async function updateCreditNote(
  ctx: TenantContext,
  reference: string,
  { metadata }: UpdateCreditNote,
  expected: ExpectedVersions,
): Promise<CreditNoteWithLines> {
  return ctx.transaction(async (tx) => {
    const { note } = await lockCreditNote(tx, reference);
    checkVersion(expected, note.version);
    await tx.db.creditNote.update({
      where: { id: note.id },
      data: {
        metadata: mergeMetadata(readMetadata(note.metadata), metadata),
        version: { increment: 1 },
        updatedAt: ctx.clock.now(),
      },
    });
    return readCreditNote(tx.db, note.id);
  });
}

/** Every change of a note passes its invoice's row. */
async function lockCreditNote(
  tx: TenantTransaction,
  reference: string,
): Promise<{ note: CreditNote; invoice: Invoice }> {
  const { id, invoiceId } = await requireCreditNote(tx.db, reference);
  const invoice = await lockInvoice(tx.db, invoiceId);
  return { note: await requireCreditNote(tx.db, id), invoice };
}

async function refuseUnlessVoidable(
  tx: TenantTransaction,
  note: CreditNote,
  invoice: Invoice,
): Promise<void> {
  if (note.status === 'void') throw creditNoteNotVoidable(`Credit note ${note.number} is void.`);
  const refund = await tx.db.refund.findFirst({
    where: { creditNoteId: note.id, status: { not: 'failed' } },
    select: { id: true },
  });
  if (refund) throw creditNoteNotVoidable(`Refund ${refund.id} of it has been made.`);
  if (note.toInvoice > 0n && invoice.status === 'paid') {
    throw creditNoteNotVoidable(`Invoice ${invoice.id} is paid: nothing can be due on it again.`);
  }
  const topUp = await tx.db.creditNoteLine.findFirst({
    where: { creditNoteId: note.id, invoiceLine: { kind: 'wallet_top_up' } },
    select: { id: true },
  });
  if (topUp) throw creditNoteNotVoidable('It has taken a top-up out of a wallet: top the wallet up again.');
}
