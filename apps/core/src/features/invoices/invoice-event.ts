import type { Invoice } from '@nova/prisma-tenant';

import { changeEvent, type ChangeFacts } from '../events/record-change.js';
import type { EventType } from '../events/event-types.js';
import type { NewEvent } from '../events/record-event.js';
import { toInvoiceWire } from './invoice-wire.js';

/** An event of an invoice, which has all of it but its lines and discounts: there may be thousands of them. */
export function invoiceEvent(
  type: Extract<EventType, `invoice.${string}`>,
  invoice: Invoice,
  { before, facts = {} }: { before?: Invoice; facts?: NonNullable<ChangeFacts['facts']> } = {},
): NewEvent {
  const was = before === undefined ? {} : { before: invoiceInEvent(before) };
  return changeEvent(type, invoiceInEvent(invoice), { ...was, facts });
}

/** What happens to an invoice when it is issued: some are paid or void from the start. */
export function issuedEvents(invoice: Invoice): NewEvent[] {
  const events = [invoiceEvent('invoice.finalized', invoice)];
  if (invoice.status === 'paid') events.push(invoiceEvent('invoice.paid', invoice));
  if (invoice.status === 'void') events.push(invoiceEvent('invoice.voided', invoice));
  return events;
}

function invoiceInEvent(invoice: Invoice) {
  const bare = { ...invoice, lines: [], discounts: [] };
  const { lines: _lines, discounts: _discounts, hostedUrl: _url, ...shown } = toInvoiceWire(bare, null);
  return shown;
}
