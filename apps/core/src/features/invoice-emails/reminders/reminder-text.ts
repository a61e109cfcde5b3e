import type { Invoice } from '@nova/prisma-tenant';

import type { ReminderTemplate } from '../../../domain/dunning/dunning-policy.js';
import { formatMoney } from '../../../domain/money/money.js';

interface Reminded {
  readonly template: ReminderTemplate;
  readonly seller: string;
  readonly invoice: Pick<Invoice, 'id' | 'number' | 'amountDue' | 'currency'>;
  /** Where it is paid online; null when nowhere. */
  readonly link: string | null;
}

const OPENINGS: Readonly<Record<ReminderTemplate, string>> = {
  first_reminder: 'a reminder',
  second_reminder: 'a second reminder',
  final_notice: 'a final notice',
};

/** A reminder as short as a text message has to be. */
export function reminderText({ template, seller, invoice, link }: Reminded): string {
  const amount = formatMoney(invoice.amountDue, invoice.currency);
  const said = `${seller}: ${OPENINGS[template]}, ${amount} of invoice ${invoice.number ?? invoice.id} are not paid yet.`;
  return link === null ? said : `${said} Pay here: ${link}`;
}
