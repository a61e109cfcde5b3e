import type { Period } from '../../../domain/calendar/periods.js';
import type { InvoiceStatus } from '../../../domain/invoices/invoice-state.js';
import type { Decimal } from '../../../domain/money/decimal.js';
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
  /** Minor units, may be finer than one. */
  readonly unitAmount: Decimal;
  readonly amount: bigint;
  readonly period: Period | null;
}

/** Everything an invoice's PDF prints: the same document makes the same bytes. */
export interface InvoiceDocument {
  readonly status: InvoiceStatus;
  /** A second copy of a document that has been issued before says so. */
  readonly edition: 'original' | 'copy';
  /** Null while it is a draft. */
  readonly number: string | null;
  readonly currency: string;
  /** Where the seller's days begin: dates and periods are printed in it. */
  readonly timeZone: string;
  readonly seller: DocumentParty;
  readonly buyer: DocumentParty;
  readonly createdAt: Date;
  readonly issuedAt: Date | null;
  readonly dueAt: Date | null;
  readonly paidAt: Date | null;
  readonly voidedAt: Date | null;
  readonly lines: readonly DocumentLine[];
  readonly subtotal: bigint;
  readonly total: bigint;
  readonly amountPaid: bigint;
  readonly amountDue: bigint;
  readonly memo: string | null;
  readonly howToPay: string | null;
  readonly footer: string | null;
}
