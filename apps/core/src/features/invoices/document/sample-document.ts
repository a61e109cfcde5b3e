import { totalsOf } from '../../../domain/invoices/invoice-totals.js';
import { roundToMinor, toDecimal } from '../../../domain/money/decimal.js';
import type { DocumentLine, InvoiceDocument } from './invoice-document.js';

/** A line for the specs of the document, rated as a real one is. */
export function sampleLine(given: {
  description: string;
  quantity?: string;
  unitAmount?: string;
  period?: [string, string];
  unit?: string;
  tax?: string;
  details?: string[];
}): DocumentLine {
  const quantity = toDecimal(given.quantity ?? '1');
  const unitAmount = toDecimal(given.unitAmount ?? '1500000');
  const amount = roundToMinor(unitAmount.times(quantity), 'half_away_from_zero');
  const period = given.period ? { start: new Date(given.period[0]), end: new Date(given.period[1]) } : null;
  const { description, unit = null, tax = null, details = [] } = given;
  return { description, quantity, unit, unitAmount, amount, tax, period, details };
}

/** An invoice for the specs of the document: open, Nigerian, of three lines, unless told otherwise. */
export function sampleDocument(changes: Partial<InvoiceDocument> = {}): InvoiceDocument {
  const january: [string, string] = ['2026-01-30T23:00:00Z', '2026-02-27T23:00:00Z'];
  const lines = changes.lines ?? [
    sampleLine({ description: 'Growth plan', unitAmount: '4500000', period: january }),
    sampleLine({ description: 'Additional seats', quantity: '12', unitAmount: '350000', period: january }),
    sampleLine({ description: 'SMS messages', quantity: '18250', unitAmount: '0.8', period: january }),
  ];
  const { subtotal, total } = totalsOf(lines);
  const isPaid = changes.status === 'paid';
  return {
    kind: 'invoice',
    title: 'Invoice',
    status: 'open',
    edition: 'original',
    number: 'INV-000014',
    refersTo: null,
    brand: { color: null, logo: null },
    purchaseOrder: null,
    currency: 'NGN',
    timeZone: 'Africa/Lagos',
    seller: {
      name: 'Adébáyọ̀ Cloud Services Ltd',
      email: 'accounts@adebayo.example',
      phone: '+234 803 555 0142',
      taxId: '12345678-0001',
      registrationNumber: 'RC 1234567',
      address: {
        line1: '14 Broad Street',
        line2: 'Marina',
        city: 'Lagos',
        state: 'LA',
        postalCode: '101231',
        country: 'NG',
      },
    },
    buyer: {
      name: 'Ọlátúndé & Ẹbí Logistics',
      email: 'ap@olatunde.example',
      phone: null,
      taxId: '87654321-0001',
      country: 'NG',
      address: { line1: '7 Ọ̀yọ́ Road', city: 'Ìbàdàn', state: 'OY', country: 'NG' },
    },
    createdAt: new Date('2026-01-30T23:00:00Z'),
    issuedAt: new Date('2026-01-30T23:00:00Z'),
    dueAt: new Date('2026-02-13T23:00:00Z'),
    paidAt: isPaid ? new Date('2026-02-02T10:30:00Z') : null,
    voidedAt: changes.status === 'void' ? new Date('2026-02-03T10:30:00Z') : null,
    lines,
    subtotal,
    discounts: [],
    taxes: [],
    taxTotal: 0n,
    total,
    settled: [],
    notices: [],
    paymentLink: null,
    fiscal: null,
    amountPaid: isPaid ? total : 0n,
    amountDue: isPaid ? 0n : total,
    memo: 'Thank you for your business. Please quote the invoice number with your transfer.',
    howToPay: 'Bank transfer to Adébáyọ̀ Cloud Services Ltd, Wema Bank, 0123456789.\nReference: INV-000014',
    footer:
      'Adébáyọ̀ Cloud Services Ltd is registered in Nigeria, RC 1234567. Issued electronically; valid without a signature.',
    ...changes,
  };
}
