import type { CreditNoteLine, Invoice } from '@nova/prisma-tenant';

import { printDate } from '../../domain/calendar/print-date.js';
import { toDecimal } from '../../domain/money/decimal.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { DocumentLine, InvoiceDocument } from '../invoices/document/invoice-document.js';
import { brandOf, readTaxes, taxNotices } from '../invoices/document-parts.js';
import { explainLine, taxOfLine } from '../invoices/explain-line.js';
import { type InvoicePdf, pdfFileName, toPdf } from '../invoices/invoice-pdf.js';
import { InvoiceBuyerSchema, InvoiceSellerSchema } from '../invoices/invoice-parties.js';
import type { CreditNoteReason } from './credit-note-request.js';
import type { CreditNoteWithLines } from './credit-note-wire.js';
import { readCreditNote, requireCreditNote } from './credit-notes.repository.js';

/** Why, as the document says it; nothing where the reason says nothing. */
const REASON_WORDS: Readonly<Record<CreditNoteReason, string | null>> = {
  duplicate: 'billed twice',
  order_change: 'change of the order',
  unused_time: 'unused time',
  goodwill: 'goodwill',
  other: null,
};

/**
 * The credit note as a PDF.
 * @throws notFound
 */
export async function readCreditNotePdf(ctx: TenantContext, reference: string): Promise<InvoicePdf> {
  const { id } = await requireCreditNote(ctx.db, reference);
  const note = await readCreditNote(ctx.db, id);
  const invoice = await ctx.db.invoice.findUniqueOrThrow({ where: { id: note.invoiceId } });
  return toPdf(buildCreditNoteDocument(ctx, note, invoice), pdfFileName(note));
}

/** The document of a credit note, which says whose it is as it stood when it was issued, and what it takes back. */
export function buildCreditNoteDocument(
  { tenant }: Pick<TenantContext, 'tenant'>,
  note: CreditNoteWithLines,
  invoice: Pick<Invoice, 'number' | 'issuedAt' | 'total' | 'purchaseOrder'>,
): InvoiceDocument {
  const { footer, ...seller } = InvoiceSellerSchema.parse(note.seller);
  const { taxReason, ...buyer } = InvoiceBuyerSchema.parse(note.buyer);
  const { currency, number, createdAt, issuedAt, voidedAt, memo, subtotal, taxTotal, total } = note;
  const { timeZone } = tenant;
  const taxes = readTaxes(note.taxes);
  return {
    kind: 'credit_note',
    title: 'Credit Note',
    status: note.status === 'void' ? 'void' : 'open',
    edition: 'original',
    number,
    refersTo: invoice.number === null ? null : { number: invoice.number, issuedAt: invoice.issuedAt },
    currency,
    timeZone,
    brand: brandOf(tenant),
    seller,
    buyer,
    purchaseOrder: invoice.purchaseOrder,
    createdAt,
    issuedAt,
    dueAt: null,
    paidAt: null,
    voidedAt,
    lines: note.lines.map((line) => toDocumentLine(line, { currency, timeZone })),
    subtotal,
    discounts:
      note.discountTotal === 0n ? [] : [{ label: 'share of the invoice', amount: note.discountTotal }],
    taxes,
    taxTotal,
    total,
    settled: destinationsOf(note),
    amountPaid: 0n,
    amountDue: 0n,
    notices: [referenceText(note, { invoice, timeZone }), ...taxNotices(taxes, taxReason ?? null)],
    memo,
    howToPay: null,
    paymentLink: null,
    fiscal: null,
    footer,
  };
}

/** A line of a credit note need not be of a quantity: then it is one of its amount. */
function toDocumentLine(line: CreditNoteLine, print: { currency: string; timeZone: string }): DocumentLine {
  const { description, amount, periodStart, periodEnd } = line;
  const quantity = toDecimal(line.quantity ?? 1n);
  return {
    description,
    quantity,
    unit: null,
    unitAmount: toDecimal(amount.toString())
      .dividedBy(quantity.isZero() ? 1 : quantity)
      .toDecimalPlaces(12),
    amount,
    tax: taxOfLine(line),
    period: periodStart !== null && periodEnd !== null ? { start: periodStart, end: periodEnd } : null,
    details: explainLine(line, print),
  };
}

function destinationsOf({ toInvoice, toBalance, toRefund }: CreditNoteWithLines) {
  return [
    { label: 'Taken off the invoice', amount: toInvoice },
    { label: 'To the account balance', amount: toBalance },
    { label: 'Refunded', amount: toRefund },
  ].filter(({ amount }) => amount !== 0n);
}

function referenceText(
  { reason, total }: CreditNoteWithLines,
  {
    invoice: { number, issuedAt, total: invoiced },
    timeZone,
  }: { invoice: Pick<Invoice, 'number' | 'issuedAt' | 'total'>; timeZone: string },
): string {
  const what = total === invoiced ? 'Credits all' : 'Credits a part';
  const date = issuedAt === null ? '' : ` of ${printDate(issuedAt, timeZone)}`;
  const why = REASON_WORDS[reason as CreditNoteReason] ?? null;
  return `${what} of invoice ${number ?? ''}${date}${why === null ? '' : `: ${why}`}.`;
}
