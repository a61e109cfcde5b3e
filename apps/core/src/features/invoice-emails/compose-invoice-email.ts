import { printDate, printPeriod } from '../../domain/calendar/print-date.js';
import { formatMoney } from '../../domain/money/money.js';
import type { InvoiceDocument } from '../invoices/document/invoice-document.js';
import { renderHtml, renderText, type InvoiceEmailView } from './invoice-email.templates.js';

const LINES_SHOWN_MAX = 20;

export interface ComposedEmail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** Writes the e-mail that goes with an invoice's PDF, saying what is paid or due at the moment it is sent. */
export function composeInvoiceEmail(document: InvoiceDocument): ComposedEmail {
  const view = viewOf(document);
  return { subject: subjectOf(document), html: renderHtml(view), text: renderText(view) };
}

function subjectOf(document: InvoiceDocument): string {
  const copy = document.edition === 'copy' ? 'Copy of invoice' : 'Invoice';
  return `${copy} ${numberOf(document)} from ${document.seller.name}`;
}

function viewOf(document: InvoiceDocument): InvoiceEmailView {
  const { status, currency, seller, buyer, timeZone } = document;
  const money = (amount: bigint) => formatMoney(amount, currency);
  const day = (moment: Date | null) => (moment === null ? null : printDate(moment, timeZone));
  const isOpen = status === 'open';
  return {
    heading: HEADINGS[status],
    greeting: `Hello ${buyer.name},`,
    seller: seller.name,
    sellerEmail: seller.email,
    number: numberOf(document),
    issuedOn: day(document.issuedAt) ?? '',
    dueOn: isOpen ? day(document.dueAt) : null,
    amount: money(isOpen ? document.amountDue : document.total),
    amountLabel: isOpen ? 'Amount due' : 'Total',
    status: STATUS_WORDS[status],
    instruction: document.howToPay,
    payLink: document.paymentLink,
    lines: [...shownLines(document), ...addedToLines(document)],
    total: money(document.total),
    memo: document.memo,
  };
}

const HEADINGS: Record<InvoiceDocument['status'], string> = {
  draft: 'Your draft invoice',
  open: 'Your new invoice',
  paid: 'Your invoice, paid',
  void: 'Your voided invoice',
  // Giving up is the seller's bookkeeping: to the customer it is an invoice to be paid.
  uncollectible: 'Your invoice',
};

const STATUS_WORDS: Record<InvoiceDocument['status'], string> = {
  draft: 'Draft',
  open: 'To be paid',
  paid: 'Paid',
  void: 'Void',
  uncollectible: 'To be paid',
};

/** What discounts take off the lines and taxes add to them, so that the e-mail adds up. The PDF has them one by one. */
function addedToLines({ subtotal, discounts, total, currency }: InvoiceDocument): InvoiceEmailView['lines'] {
  const discount = discounts.reduce((sum, { amount }) => sum + amount, 0n);
  // Tax that prices contain is in the lines already.
  const tax = total - (subtotal - discount);
  return [
    { description: 'Discounts', amount: -discount },
    { description: 'Tax', amount: tax },
  ]
    .filter(({ amount }) => amount !== 0n)
    .map((row) => ({ ...row, period: null, amount: formatMoney(row.amount, currency) }));
}

/** The PDF has every line; the e-mail sums up what would make it too long to read. */
function shownLines({ lines, currency, timeZone }: InvoiceDocument): InvoiceEmailView['lines'] {
  const shown = lines.length > LINES_SHOWN_MAX ? lines.slice(0, LINES_SHOWN_MAX - 1) : lines;
  const rest = lines.slice(shown.length);
  const rows = shown.map((line) => ({
    description: line.description,
    period: line.period === null ? null : printPeriod(line.period, timeZone),
    amount: formatMoney(line.amount, currency),
  }));
  if (rest.length === 0) return rows;
  const amount = formatMoney(
    rest.reduce((sum, line) => sum + line.amount, 0n),
    currency,
  );
  return [...rows, { description: `${rest.length} more, listed in the PDF`, period: null, amount }];
}

function numberOf(document: InvoiceDocument): string {
  return document.number ?? 'without a number';
}
