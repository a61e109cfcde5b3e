import type { Customer, InvoiceLine } from '@nova/prisma-tenant';

import type { InvoiceStatus } from '../../domain/invoices/invoice-state.js';
import { printDate } from '../../domain/calendar/print-date.js';
import { toDecimal } from '../../domain/money/decimal.js';
import { formatMoney } from '../../domain/money/money.js';
import type { TenantContext, TenantProfile, TenantReader } from '../../tenancy/tenant-context.js';
import { fillPaymentLink } from '../tenants/brand.js';
import type {
  DocumentAmount,
  DocumentFiscal,
  DocumentLine,
  InvoiceDocument,
} from './document/invoice-document.js';
import { brandOf, isTaxInvoice, readTaxes, taxNotices } from './document-parts.js';
import { explainLine, taxOfLine } from './explain-line.js';
import { buyerOf, InvoiceBuyerSchema, InvoiceSellerSchema, sellerOf } from './invoice-parties.js';
import { WITH_LINES, type InvoiceWithLines } from './invoice-wire.js';

/** An invoice with all that its document is made of. */
export interface PrintableInvoice extends InvoiceWithLines {
  readonly customer: Customer;
  /** Whether the money is going to come without the customer doing anything. */
  readonly isBeingCharged: boolean;
  /** Whether a charge of a saved method waits for the customer's word. */
  readonly awaitsConfirmation: boolean;
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
  const [last] = payments;
  const awaitsConfirmation =
    last?.status === 'pending' && last.actionUrl !== null && last.paymentMethodId !== null;
  const isAutomatic = invoice.collectionMethod === 'charge_automatically' && hasMethod;
  const isBeingCharged = isAutomatic && last?.status !== 'failed' && !awaitsConfirmation;
  return { ...invoice, customer, isBeingCharged, awaitsConfirmation };
}

/**
 * The document of an invoice. Both sides are printed as they stood when it was issued; a draft's as they stand now. How
 * it looks and how it is paid is the tenant's present choice: online at `payLink`, if anywhere.
 */
export function buildInvoiceDocument(
  ctx: Pick<TenantContext, 'tenant'>,
  invoice: PrintableInvoice,
  { edition, payLink }: { edition: InvoiceDocument['edition']; payLink: string | null },
): InvoiceDocument {
  const { tenant } = ctx;
  const { footer, ...seller } =
    invoice.seller === null ? sellerOf(tenant) : InvoiceSellerSchema.parse(invoice.seller);
  const { taxReason, ...buyer } =
    invoice.buyer === null ? buyerOf(invoice.customer) : InvoiceBuyerSchema.parse(invoice.buyer);
  const { number, currency, purchaseOrder, createdAt, issuedAt, dueAt, paidAt, voidedAt, memo } = invoice;
  const { subtotal, taxTotal, total, amountPaid, amountDue } = invoice;
  const { timeZone } = tenant;
  const taxes = readTaxes(invoice.taxes);
  return {
    kind: 'invoice',
    title: isTaxInvoice(taxes, seller.taxId) ? 'Tax Invoice' : 'Invoice',
    status: invoice.status as InvoiceStatus,
    edition,
    number,
    refersTo: null,
    currency,
    timeZone,
    brand: brandOf(tenant),
    seller,
    buyer,
    purchaseOrder,
    createdAt,
    issuedAt,
    dueAt,
    paidAt,
    voidedAt,
    lines: invoice.lines.map((line) => toDocumentLine(line, { currency, timeZone })),
    subtotal,
    discounts: invoice.discounts.map(({ name, amount }) => ({ label: name, amount })),
    taxes,
    taxTotal,
    total,
    settled: settledOf(invoice),
    amountPaid,
    amountDue,
    notices: taxNotices(taxes, taxReason ?? null),
    memo,
    howToPay: howToPay(tenant, invoice),
    paymentLink: isPayableOnline(invoice) ? payLink : null,
    fiscal: fiscalOf(invoice),
    footer,
  };
}

function settledOf({ balanceApplied, walletApplied, amountCredited }: PrintableInvoice): DocumentAmount[] {
  return [
    { label: 'Paid from wallet', amount: walletApplied },
    { label: 'Paid from account balance', amount: balanceApplied },
    { label: 'Credited', amount: amountCredited },
  ];
}

function toDocumentLine(line: InvoiceLine, print: { currency: string; timeZone: string }): DocumentLine {
  const { periodStart, periodEnd } = line;
  return {
    description: line.description,
    quantity: toDecimal(line.quantity),
    unit: line.unit,
    unitAmount: toDecimal(line.unitAmount),
    amount: line.amount,
    tax: taxText(line),
    period: periodStart !== null && periodEnd !== null ? { start: periodStart, end: periodEnd } : null,
    details: explainLine(line, print),
  };
}

/** An amount that contains its tax says so. */
function taxText(line: InvoiceLine): string | null {
  const tax = taxOfLine(line);
  return tax !== null && line.taxBehavior === 'inclusive' ? `${tax} incl.` : tax;
}

function fiscalOf({ fiscalNumber, fiscalSignature, fiscalQr }: PrintableInvoice): DocumentFiscal | null {
  if (fiscalNumber === null && fiscalSignature === null && fiscalQr === null) return null;
  return { number: fiscalNumber, signature: fiscalSignature, qr: fiscalQr };
}

/** Nothing is paid online that is charged by itself, or that is no longer to be paid. */
export function isPayableOnline(invoice: PrintableInvoice): boolean {
  return !invoice.isBeingCharged && isPayable(invoice);
}

/** Where the tenant itself has its invoices paid. */
export function ownPaymentLink({ settings }: TenantProfile, invoice: PrintableInvoice): string | null {
  return settings.paymentLink === undefined ? null : fillPaymentLink(settings.paymentLink, invoice);
}

function isPayable({ status }: PrintableInvoice): boolean {
  return status === 'open' || status === 'uncollectible';
}

/** What the customer has to do about an invoice that is to be paid; nothing to say about any other. */
function howToPay(tenant: TenantProfile, invoice: PrintableInvoice): string | null {
  if (!isPayable(invoice)) return null;
  const amount = formatMoney(invoice.amountDue, invoice.currency);
  if (invoice.isBeingCharged && invoice.status === 'open') {
    return `${amount} will be charged to your payment method. You do not need to do anything.`;
  }
  if (invoice.awaitsConfirmation) {
    return `Your bank asks you to confirm the payment of ${amount}. Please do so where you pay online, or pay another way.`;
  }
  const number = invoice.number ?? invoice.id;
  const by = invoice.dueAt === null ? '' : ` by ${printDate(invoice.dueAt, tenant.timeZone)}`;
  const request = `Please pay ${amount}${by} and quote the number ${number}.`;
  const { paymentInstructions } = tenant.settings;
  return paymentInstructions === undefined
    ? request
    : `${request}\n${paymentInstructions.replaceAll('{number}', number)}`;
}
