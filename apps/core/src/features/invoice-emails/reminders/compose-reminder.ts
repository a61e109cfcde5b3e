import { printDate } from '../../../domain/calendar/print-date.js';
import type { FinalAction, ReminderTemplate } from '../../../domain/dunning/dunning-policy.js';
import { formatMoney } from '../../../domain/money/money.js';
import type { InvoiceDocument } from '../../invoices/document/invoice-document.js';
import type { ComposedEmail } from '../compose-invoice-email.js';
import { reminderWords } from './reminder-words.js';
import { renderReminderHtml, renderReminderText } from './reminder.templates.js';

/** What a reminder knows besides the invoice's document. */
export interface Reminder {
  readonly template: ReminderTemplate;
  /** Why the last charge did not go through, in whole sentences; null when nothing was charged. */
  readonly reason: string | null;
  /** When it is charged again; null when it is not. */
  readonly chargedAgainAt: Date | null;
  readonly finalAction: FinalAction;
  readonly finalAt: Date;
}

/** Writes the letter about an invoice that is not paid, with what is due at the moment it is sent. */
export function composeReminder(document: InvoiceDocument, reminder: Reminder): ComposedEmail {
  const { seller, buyer, timeZone, currency, amountDue, paymentLink, howToPay } = document;
  const day = (moment: Date) => printDate(moment, timeZone);
  const amount = formatMoney(amountDue, currency);
  const { chargedAgainAt } = reminder;
  const { subject, heading, paragraphs } = reminderWords({
    ...reminder,
    seller: seller.name,
    number: document.number ?? 'without a number',
    amount,
    dueOn: document.dueAt === null ? null : day(document.dueAt),
    chargedAgainOn: chargedAgainAt === null ? null : day(chargedAgainAt),
    finalOn: day(reminder.finalAt),
  });
  const view = {
    heading,
    greeting: `Hello ${buyer.name},`,
    seller: seller.name,
    sellerEmail: seller.email,
    paragraphs,
    amount,
    payLink: paymentLink,
    instruction: howToPay,
  };
  return { subject, html: renderReminderHtml(view), text: renderReminderText(view) };
}
