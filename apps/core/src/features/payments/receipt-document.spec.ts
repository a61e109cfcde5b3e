import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import type { InvoiceDocument } from '../invoices/document/invoice-document.js';
import { renderInvoicePdf } from '../invoices/document/render-invoice-pdf.js';
import { sampleDocument } from '../invoices/document/sample-document.js';

function receipt(changes: Partial<InvoiceDocument> = {}): InvoiceDocument {
  return sampleDocument({
    kind: 'receipt',
    title: 'Receipt',
    status: 'paid',
    number: 'UA1NOVA001',
    refersTo: { number: 'INV-000014', issuedAt: new Date('2026-01-30T23:00:00Z') },
    issuedAt: new Date('2026-02-02T10:30:00Z'),
    lines: [],
    total: 8_714_600n,
    amountPaid: 2_500_000n,
    amountDue: 6_214_600n,
    memo: null,
    howToPay: null,
    payment: {
      amount: 2_500_000n,
      toBalance: 0n,
      paidAt: new Date('2026-02-02T10:30:00Z'),
      method: 'M-Pesa',
    },
    ...changes,
  });
}

async function textOf(document: InvoiceDocument): Promise<string> {
  const pdf = await renderInvoicePdf(document);
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf }).toString();
}

describe('the receipt of a payment', () => {
  it('says what came, how, when and for which invoice, and what is still due', async () => {
    const text = await textOf(receipt());
    for (const part of ['Receipt', 'UA1NOVA001', 'INV-000014', 'M-Pesa', '2 February 2026', 'Received from'])
      expect(text).toContain(part);
    expect(text).toMatch(/Amount received\s+₦25,000\.00/);
    expect(text).toMatch(/Still due on the invoice\s+₦62,146\.00/);
    // A receipt of a part must not look like an invoice that is paid.
    expect(text).not.toMatch(/\bPAID\b|Paid in full|Description/);
  });

  it('says what of it was more than was due', async () => {
    const payment = { amount: 9_000_000n, toBalance: 285_400n, paidAt: new Date(), method: 'Paystack' };
    const text = await textOf(receipt({ amountDue: 0n, payment }));
    expect(text).toMatch(/Of it, to your account balance\s+₦2,854\.00/);
    expect(text).toMatch(/Still due on the invoice\s+₦0\.00/);
  });

  it('is the same bytes when nothing has changed', async () => {
    expect(await renderInvoicePdf(receipt())).toEqual(await renderInvoicePdf(receipt()));
  });
});
