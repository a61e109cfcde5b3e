// The same on other servers: a document is drawn in the process, of rows that invoices.spec.ts reads there.
import { execFileSync, spawnSync } from 'node:child_process';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  const settings = {
    legalName: 'Savanna Cloud Ltd',
    taxId: 'P051234567X',
    address: { city: 'Nairobi', country: 'KE' },
    brand: { color: '#0f766e', logo: LOGO },
    paymentInstructions: 'M-Pesa: Pay Bill 400200, account {number}.',
    paymentLink: 'https://pay.savanna.example/{number}',
  };
  expectStatus(await tenant.user.patch('/tenants/me', { country: 'KE', currency: 'KES', settings }), 200);
  expectStatus(await tenant.api.post('/tax-rates/presets', { country: 'KE' }), 200);
});

afterAll(() => nova.stop());

const LOGO =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined;

async function textOf(path: string): Promise<string> {
  const { status, headers, bytes } = await tenant.api.get(path);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/pdf');
  expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  if (!hasPdftotext) return '';
  return execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' });
}

async function open(customer: ApiResponse['body']): Promise<ApiResponse['body']> {
  const lines = [{ description: 'Pro plan', quantity: '2', unit: 'seat', unitAmount: '500000' }];
  const body = { customerId: customer.id, currency: 'KES', lines, purchaseOrder: 'PO-9', netTermsDays: 14 };
  const { id } = expectStatus(await tenant.api.post('/invoices', body), 201);
  return expectStatus(await tenant.api.post(`/invoices/${id}/finalize`), 200);
}

describe('the document of an invoice', () => {
  it('is a tax invoice as Nairobi expects it, and its credit note refers to it', async () => {
    const input = { name: 'Wanjiku Traders', country: 'KE', taxId: 'A009876543Z' };
    const invoice = await open(expectStatus(await tenant.api.post('/customers', input), 201));
    const text = await textOf(`/invoices/${invoice.id}/pdf`);
    const credit = { invoiceId: invoice.id, reason: 'goodwill', amount: 58_000 };
    const note = expectStatus(await tenant.api.post('/credit-notes', credit), 201);
    const noteText = await textOf(`/credit-notes/${note.id}/pdf`);
    if (!hasPdftotext) return;
    for (const part of [
      'Tax Invoice',
      'PIN P051234567X',
      'PIN A009876543Z',
      'PO-9',
      '2 seat',
      'VAT 16%',
      'KSh 1,600.00',
      'KSh 11,600.00',
      `Pay Bill 400200, account ${invoice.number}.`,
      `https://pay.savanna.example/${invoice.number}`,
      'Page 1 of 1',
    ]) {
      expect(text).toContain(part);
    }
    expect(noteText).toContain('Credit Note');
    expect(noteText).toMatch(new RegExp(`Credits a part of invoice ${invoice.number} of [^:]+: goodwill`));
    expect(noteText).toContain('KSh 580.00');
  });

  it('says why no tax is taken', async () => {
    const input = { name: 'UN agency', country: 'KE', taxStatus: 'exempt', taxReason: 'Cap. 179' };
    const invoice = await open(expectStatus(await tenant.api.post('/customers', input), 201));
    expect(invoice).toMatchObject({ taxTotal: 0, taxes: [{ reason: 'exempt', amount: 0 }] });
    const text = await textOf(`/invoices/${invoice.id}/pdf`);
    if (!hasPdftotext) return;
    expect(text).toContain('Exempt from tax: Cap. 179.');
    expect(text).not.toContain('Tax Invoice');
  });
});

describe('the brand of a tenant', () => {
  it.each([
    ['a logo that is no picture', { brand: { logo: 'data:image/png;base64,AAAA' } }, '/settings/brand/logo'],
    ['a colour that is none', { brand: { color: 'red' } }, '/settings/brand/color'],
    ['a link without a number', { paymentLink: 'https://pay.example' }, '/settings/paymentLink'],
  ])('refuses %s', async (_, settings, pointer) => {
    const response = await tenant.user.patch('/tenants/me', { settings });
    expect(response).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});
