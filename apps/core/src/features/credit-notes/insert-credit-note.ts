import type { CreditNote, Invoice, Prisma } from '@nova/prisma-tenant';

import type { TaxShare } from '../../domain/tax/tax-types.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { buyerOf, sellerOf } from '../invoices/invoice-parties.js';
import type { CreditNoteRequest } from './credit-note-request.js';
import type { PlannedCreditNote } from './plan-credit-note.js';
import { takeCreditNoteNumber } from './take-credit-note-number.js';

/** Writes a credit note with its lines. Both sides are frozen as they are today, and the number is taken. */
export async function insertCreditNote(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, request, planned }: { invoice: Invoice; request: CreditNoteRequest; planned: PlannedCreditNote },
): Promise<CreditNote> {
  const now = ctx.clock.now();
  const id = newId('cn');
  const { money, split } = planned;
  const customer = await tx.db.customer.findUniqueOrThrow({ where: { id: invoice.customerId } });
  const note = await tx.db.creditNote.create({
    data: {
      id,
      externalId: request.externalId ?? null,
      invoiceId: invoice.id,
      customerId: invoice.customerId,
      status: 'issued',
      ...(await takeCreditNoteNumber(ctx, tx)),
      reason: request.reason,
      currency: invoice.currency,
      subtotal: money.subtotal,
      discountTotal: money.discountTotal,
      taxTotal: money.taxTotal,
      total: money.total,
      ...split,
      taxes: money.taxes.map((row) => ({ ...jsonShare(row), reason: row.reason })),
      memo: request.memo ?? null,
      seller: sellerOf(ctx.tenant),
      buyer: buyerOf(customer),
      source: request.source,
      issuedAt: now,
      metadata: request.metadata ?? {},
      createdAt: now,
      updatedAt: now,
    },
  });
  await tx.db.creditNoteLine.createMany({ data: lineRows(id, planned) });
  return note;
}

function lineRows(
  creditNoteId: string,
  { lines, money }: PlannedCreditNote,
): Prisma.CreditNoteLineCreateManyInput[] {
  return lines.map(({ touched: { line }, asked }, index) => {
    const shares = money.lines[index];
    if (!shares) throw new Error('A credit note was assembled without one of its lines.');
    const period = asked.period === undefined ? linePeriod(line) : asked.period;
    return {
      id: newId('cnl'),
      creditNoteId,
      invoiceLineId: line.id,
      position: index + 1,
      description: asked.description ?? line.description,
      quantity: null,
      amount: shares.amount,
      discountAmount: shares.discount,
      netAmount: shares.net,
      taxAmount: shares.tax,
      taxes: shares.taxes.map(jsonShare),
      periodStart: period?.start ?? null,
      periodEnd: period?.end ?? null,
      explanation: { ...asked.explanation } as unknown as Prisma.InputJsonObject,
    };
  });
}

function linePeriod({ periodStart, periodEnd }: { periodStart: Date | null; periodEnd: Date | null }) {
  return periodStart !== null && periodEnd !== null ? { start: periodStart, end: periodEnd } : null;
}

/** Amounts of an invoice are checked to be JSON integers before it is written; a note's are no larger. */
function jsonShare({ code, name, rate, base, amount }: TaxShare) {
  return { code, name, rate, base: Number(base), amount: Number(amount) };
}
