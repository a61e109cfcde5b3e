import { printDate } from '../../domain/calendar/print-date.js';
import { formatMoney } from '../../domain/money/money.js';
import type { InvoiceDocument } from '../invoices/document/invoice-document.js';
import type { ComposedEmail } from './compose-invoice-email.js';
import { type ReceiptEmailView, renderReceiptHtml, renderReceiptText } from './receipt-email.templates.js';

/** Writes the e-mail that goes with a receipt's PDF. */
export function composeReceiptEmail(document: InvoiceDocument): ComposedEmail {
  const view = viewOf(document);
  const subject = `Receipt for invoice ${view.invoiceNumber} from ${view.seller}`;
  return { subject, html: renderReceiptHtml(view), text: renderReceiptText(view) };
}

function viewOf({
  seller,
  buyer,
  refersTo,
  currency,
  timeZone,
  ...document
}: InvoiceDocument): ReceiptEmailView {
  const { payment, number, amountDue } = document;
  if (payment === undefined) throw new Error('A receipt is of a payment.');
  const { amount, toBalance, paidAt, method } = payment;
  const money = (minor: bigint) => formatMoney(minor, currency);
  return {
    greeting: `Hello ${buyer.name},`,
    seller: seller.name,
    sellerEmail: seller.email,
    amount: money(amount),
    facts: [
      { label: 'Invoice number', value: refersTo?.number ?? '' },
      { label: 'Paid on', value: printDate(paidAt, timeZone) },
      { label: 'Paid with', value: method },
      { label: 'Receipt', value: number ?? '' },
      ...(toBalance > 0n ? [{ label: 'Of it, to your account balance', value: money(toBalance) }] : []),
      { label: 'Still due on the invoice', value: money(amountDue) },
    ],
    invoiceNumber: refersTo?.number ?? '',
  };
}
