import type { Customer, Invoice, Payment, PaymentMethod } from '@nova/prisma-tenant';

import { providerFace } from '../../domain/payments/provider-channels.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { brandOf } from '../invoices/document-parts.js';
import type { InvoiceDocument } from '../invoices/document/invoice-document.js';
import { type InvoicePdf, toPdf } from '../invoices/invoice-pdf.js';
import { buyerOf, InvoiceBuyerSchema, InvoiceSellerSchema, sellerOf } from '../invoices/invoice-parties.js';
import { paymentNotSucceeded } from './payments.errors.js';
import { requirePayment } from './payments.repository.js';

/** A payment that succeeded, with what its receipt is made of. */
export type PrintablePayment = Payment & {
  invoice: Invoice;
  customer: Customer;
  paymentMethod: PaymentMethod | null;
};

/**
 * The receipt of a payment as a PDF.
 * @throws notFound, paymentNotSucceeded
 */
export async function readReceiptPdf(ctx: TenantContext, id: string): Promise<InvoicePdf> {
  const { status } = await requirePayment(ctx.db, id);
  if (status !== 'succeeded') throw paymentNotSucceeded(`Payment ${id} is ${status}.`);
  const payment = await readPrintablePayment(ctx, id);
  return toPdf(buildReceiptDocument(ctx, payment), receiptFileName(payment));
}

/** Reads what the receipt of a payment is made of. */
export function readPrintablePayment(ctx: TenantContext, id: string): Promise<PrintablePayment> {
  return ctx.db.payment.findUniqueOrThrow({
    where: { id },
    include: { invoice: true, customer: true, paymentMethod: true },
  });
}

/** A name that any file system takes. */
export function receiptFileName({ invoice, attempt }: PrintablePayment): string {
  const name = `receipt-${invoice.number ?? invoice.id}-${attempt}`;
  return `${name.replaceAll(/[^A-Za-z0-9._-]/g, '-')}.pdf`;
}

/** What somebody pays with, in words that the payer knows. */
export function methodLabel({ provider, paymentMethod }: PrintablePayment): string {
  if (paymentMethod !== null) return paymentMethod.label;
  return providerFace(provider)?.label ?? 'Bank transfer, cash or cheque';
}

/**
 * The receipt of a payment: both sides as its invoice has them, and what is due on that at the moment of printing. It goes by
 * what the payer has in hand, which is M-Pesa's receipt number, or else by the payment's id.
 */
export function buildReceiptDocument(
  { tenant }: Pick<TenantContext, 'tenant'>,
  payment: PrintablePayment,
): InvoiceDocument {
  const { invoice } = payment;
  const { footer, ...seller } =
    invoice.seller === null ? sellerOf(tenant) : InvoiceSellerSchema.parse(invoice.seller);
  const { taxReason: _, ...buyer } =
    invoice.buyer === null ? buyerOf(payment.customer) : InvoiceBuyerSchema.parse(invoice.buyer);
  const paidAt = payment.succeededAt ?? payment.updatedAt;
  return {
    kind: 'receipt',
    title: 'Receipt',
    status: 'paid',
    edition: 'original',
    number: payment.receipt ?? payment.id,
    refersTo: { number: invoice.number ?? invoice.id, issuedAt: invoice.issuedAt },
    currency: payment.currency,
    timeZone: tenant.timeZone,
    brand: brandOf(tenant),
    seller,
    buyer,
    purchaseOrder: invoice.purchaseOrder,
    createdAt: payment.createdAt,
    issuedAt: paidAt,
    dueAt: null,
    paidAt,
    voidedAt: null,
    lines: [],
    subtotal: invoice.subtotal,
    discounts: [],
    taxes: [],
    taxTotal: invoice.taxTotal,
    total: invoice.total,
    settled: [],
    amountPaid: invoice.amountPaid,
    amountDue: invoice.amountDue,
    notices: [],
    memo: null,
    howToPay: null,
    paymentLink: null,
    fiscal: null,
    payment: {
      amount: payment.amount,
      toBalance: payment.excess,
      paidAt,
      method: methodLabel(payment),
    },
    footer,
  };
}
