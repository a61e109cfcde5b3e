import type { Period } from '../../../domain/calendar/periods.js';
import type { InvoiceStatus } from '../../../domain/invoices/invoice-state.js';
import type { Decimal } from '../../../domain/money/decimal.js';
import type { NoTaxReason } from '../../../domain/tax/tax-types.js';
import type { Address } from '../../../platform/wire/address.js';

/** One side of an invoice, as it is printed. */
export interface DocumentParty {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly taxId: string | null;
  readonly registrationNumber?: string | null;
  /** ISO 3166 code; the address's own country goes before it. */
  readonly country?: string | null;
  readonly address: Address | null;
}

export interface DocumentLine {
  readonly description: string;
  readonly quantity: Decimal;
  /** What one of it is called; null where that goes without saying. */
  readonly unit: string | null;
  /** Minor units, may be finer than one. */
  readonly unitAmount: Decimal;
  /** Before discounts, as the price states it. */
  readonly amount: bigint;
  /** What is taken of it, in few letters: `7.5%`; null where nothing is. */
  readonly tax: string | null;
  readonly period: Period | null;
  /** How the amount came about, a line each, in small print. */
  readonly details: readonly string[];
}

/** A tax by its rate, and why it is not taken where it is not. */
export interface DocumentTax {
  readonly name: string;
  /** Percent, a decimal. */
  readonly rate: string;
  readonly base: bigint;
  readonly amount: bigint;
  readonly reason: NoTaxReason | null;
}

/** A sum or a part of one: what a discount took, what a wallet has settled. */
export interface DocumentAmount {
  readonly label: string;
  readonly amount: bigint;
}

/** A picture in a format that PDFs can hold, and its size in pixels. */
export interface DocumentLogo {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** What a tax authority's system has given the document. */
export interface DocumentFiscal {
  readonly number: string | null;
  readonly signature: string | null;
  /** What its QR code says. */
  readonly qr: string | null;
}

/** The payment that a receipt is of. */
export interface DocumentPayment {
  readonly amount: bigint;
  /** The part of it that was more than was due. */
  readonly toBalance: bigint;
  readonly paidAt: Date;
  /** What it was made with: `Visa ending in 4081`. */
  readonly method: string;
}

/** Everything the PDF of an invoice, a credit note or a receipt prints: the same document makes the same bytes. */
export interface InvoiceDocument {
  readonly kind: 'invoice' | 'credit_note' | 'receipt';
  /** What the law has it called: `Tax Invoice`, `Invoice`, `Credit Note`. */
  readonly title: string;
  readonly status: InvoiceStatus;
  /** A second copy of a document that has been issued before says so. */
  readonly edition: 'original' | 'copy';
  /** Null while it is a draft. */
  readonly number: string | null;
  /** The invoice that a credit note takes back a part of, or a receipt is for. */
  readonly refersTo: { readonly number: string; readonly issuedAt: Date | null } | null;
  readonly currency: string;
  /** Where the seller's days begin: dates and periods are printed in it. */
  readonly timeZone: string;
  readonly brand: { readonly color: string | null; readonly logo: DocumentLogo | null };
  readonly seller: DocumentParty;
  readonly buyer: DocumentParty;
  readonly purchaseOrder: string | null;
  readonly createdAt: Date;
  readonly issuedAt: Date | null;
  readonly dueAt: Date | null;
  readonly paidAt: Date | null;
  readonly voidedAt: Date | null;
  readonly lines: readonly DocumentLine[];
  /** Before discounts; with tax where prices contain it. */
  readonly subtotal: bigint;
  readonly discounts: readonly DocumentAmount[];
  readonly taxes: readonly DocumentTax[];
  readonly taxTotal: bigint;
  readonly total: bigint;
  /** What has settled it besides payments, or where a credit note's total went. */
  readonly settled: readonly DocumentAmount[];
  readonly amountPaid: bigint;
  readonly amountDue: bigint;
  /** What the law or the reader has to be told: why no tax is taken, what is credited. */
  readonly notices: readonly string[];
  readonly memo: string | null;
  readonly howToPay: string | null;
  /** Where it is paid online; printed with a QR code. */
  readonly paymentLink: string | null;
  readonly fiscal: DocumentFiscal | null;
  /** Of a receipt alone. */
  readonly payment?: DocumentPayment;
  readonly footer: string | null;
}
