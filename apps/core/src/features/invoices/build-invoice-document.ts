import type { Customer, InvoiceLine } from '@nova/prisma-tenant';

import type { InvoiceStatus } from '../../domain/invoices/invoice-state.js';
import { printDate } from '../../domain/calendar/print-date.js';
import { toDecimal } from '../../domain/money/decimal.js';
import { formatMoney } from '../../domain/money/money.js';
import type { TenantContext, TenantProfile, TenantReader } from '../../tenancy/tenant-context.js';
import type { DocumentLine, InvoiceDocument } from './document/invoice-document.js';
import { buyerOf, InvoiceBuyerSchema, InvoiceSellerSchema, sellerOf } from './invoice-parties.js';
import { WITH_LINES, type InvoiceWithLines } from './invoice-wire.js';

/** An invoice with all that its document is made of. */
export interface PrintableInvoice extends InvoiceWithLines {
  readonly customer: Customer;
  /** Whether the money is going to come without the customer doing anything. */
  readonly isBeingCharged: boolean;
}

/** Reads what the document of an invoice is made of. */
export async function readPrintable(db: TenantReader, id: string): Promise<PrintableInvoice> {
  const { payments, customer, ...invoice } = await db.invoice.findUniqueOrThrow({
    where: { id },
    include: {
      ...WITH_LINES,
      customer: { include: { paymentMethods: { where: { isDefault: true, detachedAt: null } } } },
      payments: { orderBy: { attempt: 'desc' }, take: 1 },
    },
  });
  const hasMethod = customer.paymentMethods.length > 0;
  const hasFailed = payments[0]?.status === 'failed';
  const isBeingCharged = invoice.collectionMethod === 'charge_automatically' && hasMethod && !hasFailed;
  return { ...invoice, customer, isBeingCharged };
}

/**
 * The document of an invoice. Both sides are printed as they stood when it was issued; a draft's as they stand now.
 */
export function buildInvoiceDocument(
  ctx: Pick<TenantContext, 'tenant'>,
  invoice: PrintableInvoice,
  edition: InvoiceDocument['edition'],
): InvoiceDocument {
  const { footer, ...seller } =
    invoice.seller === null ? sellerOf(ctx.tenant) : InvoiceSellerSchema.parse(invoice.seller);
  const buyer = invoice.buyer === null ? buyerOf(invoice.customer) : InvoiceBuyerSchema.parse(invoice.buyer);
  const { number, currency, createdAt, issuedAt, dueAt, paidAt, voidedAt, memo } = invoice;
  const { subtotal, total, amountPaid, amountDue } = invoice;
  return {
    status: invoice.status as InvoiceStatus,
    edition,
    number,
    currency,
    timeZone: ctx.tenant.timeZone,
    seller,
    buyer,
    createdAt,
    issuedAt,
    dueAt,
    paidAt,
    voidedAt,
    lines: invoice.lines.map(toDocumentLine),
    subtotal,
    total,
    amountPaid,
    amountDue,
    memo,
    howToPay: howToPay(ctx.tenant, invoice),
    footer,
  };
}

function toDocumentLine(line: InvoiceLine): DocumentLine {
  const { periodStart, periodEnd } = line;
  return {
    description: line.description,
    quantity: toDecimal(line.quantity),
    unitAmount: toDecimal(line.unitAmount),
    amount: line.amount,
    period: periodStart !== null && periodEnd !== null ? { start: periodStart, end: periodEnd } : null,
  };
}

/** What the customer has to do about an open invoice; nothing to say about any other. */
function howToPay(tenant: TenantProfile, invoice: PrintableInvoice): string | null {
  if (invoice.status !== 'open') return null;
  const amount = formatMoney(invoice.amountDue, invoice.currency);
  if (invoice.isBeingCharged) {
    return `${amount} will be charged to your payment method. You do not need to do anything.`;
  }
  const by = invoice.dueAt === null ? '' : ` by ${printDate(invoice.dueAt, tenant.timeZone)}`;
  return `Please pay ${amount}${by} and quote the number ${invoice.number ?? invoice.id}.`;
}
