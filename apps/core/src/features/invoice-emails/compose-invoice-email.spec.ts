import { describe, expect, it } from 'vitest';

import { Decimal } from '../../domain/money/decimal.js';
import type { DocumentLine, InvoiceDocument } from '../invoices/document/invoice-document.js';
import { sampleDocument, sampleLine } from '../invoices/document/sample-document.js';
import { composeInvoiceEmail } from './compose-invoice-email.js';

const line = (over: Partial<DocumentLine> = {}): DocumentLine => ({
  ...sampleLine({ description: 'Pro' }),
  description: 'Pro',
  quantity: new Decimal(1),
  unitAmount: new Decimal(1_500_000),
  amount: 1_500_000n,
  period: { start: new Date('2027-01-31T00:00:00Z'), end: new Date('2027-02-28T00:00:00Z') },
  ...over,
});

const document = (over: Partial<InvoiceDocument> = {}): InvoiceDocument => ({
  ...sampleDocument(),
  status: 'open',
  edition: 'original',
  number: 'INV-000007',
  currency: 'NGN',
  timeZone: 'UTC',
  seller: { name: 'Acme & Sons', email: 'billing@acme.example', phone: null, taxId: null, address: null },
  buyer: { name: 'Ngozi <b>Ltd</b>', email: 'n@b.example', phone: null, taxId: null, address: null },
  createdAt: new Date('2027-01-31T00:00:00Z'),
  issuedAt: new Date('2027-01-31T00:00:00Z'),
  dueAt: new Date('2027-02-14T00:00:00Z'),
  paidAt: null,
  voidedAt: null,
  lines: [line()],
  subtotal: 1_500_000n,
  total: 1_500_000n,
  amountPaid: 0n,
  amountDue: 1_500_000n,
  memo: null,
  howToPay: 'Please pay.',
  footer: null,
  ...over,
});

describe('composeInvoiceEmail', () => {
  it('says what is due, when, and for what', () => {
    const { subject, text, html } = composeInvoiceEmail(document());
    expect(subject).toBe('Invoice INV-000007 from Acme & Sons');
    expect(text).toBe(
      [
        'Your new invoice',
        '',
        'Hello Ngozi <b>Ltd</b>,',
        '',
        'Amount due: ₦15,000.00 (To be paid)',
        'Please pay.',
        '',
        'Invoice number: INV-000007',
        'Date: 31 January 2027',
        'Due: 14 February 2027',
        '',
        '- Pro (31 January – 27 February 2027): ₦15,000.00',
        'Total: ₦15,000.00',
        '',
        'The invoice is attached as a PDF. Questions? Write to billing@acme.example.',
        '',
        'Acme & Sons',
        '',
      ].join('\n'),
    );
    expect(html).toContain('₦15,000.00');
    expect(html).toContain('14 February 2027');
  });

  it('adds up where there are discounts and taxes', () => {
    const { text } = composeInvoiceEmail(
      document({ discounts: [{ label: 'Welcome', amount: 150_000n }], total: 1_451_250n }),
    );
    expect(text).toContain('- Discounts: -₦1,500.00\n- Tax: ₦1,012.50\nTotal: ₦14,512.50');
  });

  it('escapes what customers and tenants wrote', () => {
    const { html } = composeInvoiceEmail(document({ memo: '<script>alert(1)</script>' }));
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<b>');
    expect(html).toContain('Ngozi &lt;b&gt;Ltd&lt;/b&gt;');
    expect(html).toContain('Acme &amp; Sons');
  });

  it('says of a paid invoice that it is paid, and asks for nothing', () => {
    const paid = document({ status: 'paid', amountPaid: 1_500_000n, amountDue: 0n, howToPay: null });
    const { text } = composeInvoiceEmail(paid);
    expect(text).toContain('Total: ₦15,000.00 (Paid)');
    expect(text).not.toContain('Due:');
    expect(text).not.toContain('Please pay');
  });

  it('leads to where it is paid online', () => {
    const { text, html } = composeInvoiceEmail(document({ paymentLink: 'https://nova.example/pay/i01?a&b' }));
    expect(text).toContain('Please pay.\n\nPay online: https://nova.example/pay/i01?a&b\n\nInvoice number');
    expect(html).toMatch(/<a href="https:\/\/nova\.example\/pay\/i01\?a&amp;b"[^>]*>Pay online<\/a>/);
    expect(composeInvoiceEmail(document()).html).not.toContain('<a ');
  });

  it('says that a copy is one', () => {
    expect(composeInvoiceEmail(document({ edition: 'copy' })).subject).toBe(
      'Copy of invoice INV-000007 from Acme & Sons',
    );
  });

  it('sums up the lines of a long invoice', () => {
    const lines = Array.from({ length: 30 }, (_, n) => line({ description: `Line ${n + 1}`, period: null }));
    const { text } = composeInvoiceEmail(document({ lines }));
    expect(text).toContain('- Line 19: ');
    expect(text).not.toContain('Line 20');
    expect(text).toContain('- 11 more, listed in the PDF: ₦165,000.00');
  });
});
