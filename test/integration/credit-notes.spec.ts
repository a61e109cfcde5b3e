import { issueCreditNote } from '@nova/core/features/credit-notes/issue-credit-note.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { pointersOf } from '../support/problems.js';

type Body = ApiResponse['body'];

let nova: Nova;
let tenant: TestTenant;
let api: Api;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  api = tenant.api;
  const components = [{ code: 'VAT', name: 'VAT', rate: '20' }];
  expectStatus(await api.post('/tax-rates', { name: 'VAT', country: 'NG', components }), 201);
});

afterAll(() => nova.stop());

const made = async (path: string, body: unknown): Promise<Body> =>
  expectStatus(await api.post(path, body), 201);
const read = async (path: string): Promise<Body> => expectStatus(await api.get(path), 200);
const statuses = (answers: ApiResponse[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

async function customer(card: string | null = null): Promise<string> {
  const { id } = await made('/customers', { name: 'Ada', currency: 'NGN', country: 'NG' });
  if (card) await made(`/customers/${id}/payment-methods`, { token: card });
  return id;
}

async function issued(customerId: string, amounts: string[]): Promise<Body> {
  const lines = amounts.map((unitAmount, index) => ({ description: `Part ${index + 1}`, unitAmount }));
  const { id } = await made('/invoices', { customerId, currency: 'NGN', lines });
  return expectStatus(await api.post(`/invoices/${id}/finalize`), 200);
}

const balanceOf = async (customerId: string): Promise<number> =>
  (await read(`/customers/${customerId}/balance`)).balances[0]?.amount ?? 0;

describe('credit notes by line', () => {
  it('have exact shares of the tax, whatever the split, and add up to the invoice', async () => {
    const customerId = await customer();
    // 20 % of 4 × 69.79 is 55.83 on the invoice, where four notes rounded alone would give back 55.84.
    const invoice = await issued(customerId, ['6979', '6979', '6979', '6979']);
    expect(invoice).toMatchObject({ subtotal: 27_916, taxTotal: 5_583, total: 33_499, amountDue: 33_499 });
    const notes: Body[] = [];
    for (const { id } of invoice.lines) {
      notes.push(await made('/credit-notes', { invoiceId: invoice.id, lines: [{ invoiceLineId: id }] }));
    }
    expect(notes.map(({ number }) => number)).toEqual([1, 2, 3, 4].map((n) => `CN-00000${n}`));
    expect(notes.reduce((sum, { total }) => sum + total, 0)).toBe(33_499);
    expect(notes[0]).toMatchObject({
      toInvoice: notes[0].total,
      toBalance: 0,
      toRefund: 0,
      status: 'issued',
    });
    expect(await read(`/invoices/${invoice.id}`)).toMatchObject({
      status: 'paid',
      amountDue: 0,
      amountPaid: 0,
    });
    const again = await api.post('/credit-notes', { invoiceId: invoice.id });
    expect(expectStatus(again, 409).code).toBe('invoice_not_creditable');
  });

  it('take partial amounts, down to the rest of a line and no further', async () => {
    const invoice = await issued(await customer(), ['5000', '10000']);
    const [{ id: invoiceLineId }] = invoice.lines;
    const credit = (amount?: number) =>
      api.post('/credit-notes', { invoiceId: invoice.number, lines: [{ invoiceLineId, amount }] });
    expect(expectStatus(await credit(3_333), 201)).toMatchObject({
      subtotal: 3_333,
      taxTotal: 667,
      total: 4_000,
    });
    expect(pointersOf(await credit(1_668), { status: 409, code: 'credit_exceeds_invoice' })).toEqual([
      '/lines/0/amount',
    ]);
    expect(expectStatus(await credit(), 201)).toMatchObject({ subtotal: 1_667, taxTotal: 333, total: 2_000 });
    expectStatus(await credit(1), 409);
    expect(await read(`/invoices/${invoice.id}`)).toMatchObject({ amountDue: 12_000, status: 'open' });
  });

  it('spread a sum over the lines', async () => {
    const invoice = await issued(await customer(), ['10000', '20000']);
    const note = await made('/credit-notes', { invoiceId: invoice.id, amount: 3_600, reason: 'goodwill' });
    expect(note).toMatchObject({
      total: 3_600,
      taxTotal: 600,
      lines: [{ amount: 1_000 }, { amount: 2_000 }],
    });
    const tooMuch = await api.post('/credit-notes', { invoiceId: invoice.id, amount: 32_401 });
    expect(expectStatus(tooMuch, 409).code).toBe('credit_exceeds_invoice');
    expect((await made('/credit-notes', { invoiceId: invoice.id, amount: 32_400 })).total).toBe(32_400);
  });
});

describe('where a credit note goes', () => {
  it('is first off what is due, then to the balance, which the next invoice takes', async () => {
    const customerId = await customer();
    const invoice = await issued(customerId, ['10000']);
    expectStatus(await api.post(`/invoices/${invoice.id}/mark-paid`, {}), 200);
    const asked = { invoiceId: invoice.id, amount: 6_000 };
    const onlyDue = await api.post('/credit-notes', { ...asked, to: 'invoice' });
    expect(expectStatus(onlyDue, 409).code).toBe('credit_exceeds_invoice');
    const preview = expectStatus(await api.post('/credit-notes/preview', asked), 200);
    expect(preview).toMatchObject({ total: 6_000, toBalance: 6_000, creditable: 12_000, refundable: 12_000 });
    expect(await made('/credit-notes', asked)).toMatchObject({ toInvoice: 0, toBalance: 6_000, toRefund: 0 });
    expect(await balanceOf(customerId)).toBe(6_000);

    const next = await issued(customerId, ['3000']);
    expect(next).toMatchObject({ total: 3_600, amountDue: 0, status: 'paid' });
    const last = await issued(customerId, ['10000']);
    expect(last).toMatchObject({ total: 12_000, amountDue: 9_600, status: 'open' });
    expect(await balanceOf(customerId)).toBe(0);
    expectStatus(await api.post(`/invoices/${last.id}/void`), 200);
    expect(await balanceOf(customerId)).toBe(2_400);
    const entries = (await read(`/customers/${customerId}/balance/entries?sort=createdAt`)).data;
    expect(entries.map(({ kind, amount, balanceAfter }: Body) => [kind, amount, balanceAfter])).toEqual([
      ['credit_note', 6_000, 6_000],
      ['invoice', -3_600, 2_400],
      ['invoice', -2_400, 0],
      ['invoice_void', 2_400, 2_400],
    ]);
  });

  it('splits what was paid by credit and by card the way it came', async () => {
    const customerId = await customer('pm_sandbox_success');
    const gift = { currency: 'NGN', amount: 2_400, note: 'Welcome' };
    await made(`/customers/${customerId}/balance/adjustments`, gift);
    const invoice = await issued(customerId, ['10000']);
    expect(invoice).toMatchObject({ amountDue: 9_600 });
    expectStatus(await api.post(`/invoices/${invoice.id}/pay`, {}), 200);
    const exact = { invoiceId: invoice.id, to: 'refund', refundAmount: 9_601 };
    const tooMuch = await api.post('/credit-notes', exact);
    expect(pointersOf(tooMuch, { status: 409, code: 'refund_exceeds_payments' })).toEqual(['/refundAmount']);
    const note = await made('/credit-notes', { invoiceId: invoice.id, to: 'refund' });
    expect(note).toMatchObject({ total: 12_000, toRefund: 9_600, toBalance: 2_400, toInvoice: 0 });
    await nova.settle();
    const refunds = (await read(`/refunds?creditNote=${note.id}`)).data;
    expect(refunds).toMatchObject([{ amount: 9_600, status: 'succeeded', provider: 'sandbox' }]);
    expectStatus(await api.post(`/credit-notes/${note.id}/void`), 409);
  });

  it('can be taken back while nothing came of it', async () => {
    const customerId = await customer();
    const invoice = await issued(customerId, ['10000']);
    const note = await made('/credit-notes', { invoiceId: invoice.id, amount: 2_000 });
    const refused = await api.post(`/invoices/${invoice.id}/void`);
    expect(expectStatus(refused, 409).code).toBe('invoice_not_voidable');
    expect(expectStatus(await api.post(`/credit-notes/${note.number}/void`), 200)).toMatchObject({
      status: 'void',
      number: note.number,
    });
    expect(await read(`/invoices/${invoice.id}`)).toMatchObject({ amountDue: 12_000 });
    expectStatus(await api.post(`/credit-notes/${note.id}/void`), 409);
    expectStatus(await api.post(`/invoices/${invoice.id}/mark-paid`, {}), 200);
    const toBalance = await made('/credit-notes', { invoiceId: invoice.id, amount: 2_000 });
    await made(`/customers/${customerId}/balance/adjustments`, {
      currency: 'NGN',
      amount: -1_000,
      note: 'Used',
    });
    expect(expectStatus(await api.post(`/credit-notes/${toBalance.id}/void`), 409).code).toBe(
      'balance_too_low',
    );
  });
});

describe('a credit note that the billing asks for', () => {
  const asked = (invoice: Body, amount: bigint) => ({
    invoiceId: invoice.id as string,
    lines: [{ invoiceLineId: invoice.lines[1].id as string, amount }],
    to: 'auto' as const,
    reason: 'unused_time' as const,
    source: `spec:${invoice.id}`,
  });

  async function issue(request: ReturnType<typeof asked>) {
    const actor = { type: 'system', id: 'spec' } as const;
    const place = { tenantId: tenant.tenantId, mode: 'test' as const, actor, requestId: null };
    return nova.app
      .get(TenantContexts, { strict: false })
      .run(place, (ctx) => ctx.transaction((tx) => issueCreditNote(ctx, tx, request)));
  }

  it('finalises a draft first, finds its lines again, and is issued once however often it is asked', async () => {
    const customerId = await customer();
    const lines = ['1000', '2000'].map((unitAmount) => ({ description: `At ${unitAmount}`, unitAmount }));
    const draft = await made('/invoices', { customerId, currency: 'NGN', lines });
    const notes = await Promise.all([1, 2, 3].map(() => issue(asked(draft, 500n))));
    expect(new Set(notes.map((note) => note?.id)).size).toBe(1);
    expect(notes[0]).toMatchObject({ total: 600n, toInvoice: 600n, subtotal: 500n });
    const invoice = await read(`/invoices/${draft.id}`);
    expect(invoice).toMatchObject({ status: 'open', number: expect.any(String), amountDue: 3_000 });
    const [note] = (await read(`/credit-notes?invoice=${draft.id}`)).data;
    expect(note.lines).toMatchObject([{ invoiceLineId: invoice.lines[1].id, description: 'At 2000' }]);
  });

  it('is cut to what is left, and none where nothing is', async () => {
    const invoice = await issued(await customer(), ['1000', '2000']);
    expect(await issue(asked(invoice, 9_999n))).toMatchObject({ subtotal: 2_000n });
    expect(await issue({ ...asked(invoice, 1n), source: `again:${invoice.id}` })).toBeNull();
    const voided = await issued(await customer(), ['1000', '2000']);
    expectStatus(await api.post(`/invoices/${voided.id}/void`), 200);
    expect(await issue(asked(voided, 1n))).toBeNull();
  });
});

describe('many at once', () => {
  it('credit an invoice once', async () => {
    const invoice = await issued(await customer(), ['10000']);
    const asked = await Promise.all(
      [1, 2, 3, 4].map(() => api.post('/credit-notes', { invoiceId: invoice.id })),
    );
    expect(statuses(asked)).toEqual([201, 409, 409, 409]);
  });

  it('never take a balance below zero, and count every change', async () => {
    const customerId = await customer();
    const adjust = (amount: number) =>
      api.post(`/customers/${customerId}/balance/adjustments`, { currency: 'NGN', amount, note: 'x' });
    expect(statuses(await Promise.all([1, 2, 3, 4].map(() => adjust(250))))).toEqual([201, 201, 201, 201]);
    expect(statuses(await Promise.all([1, 2, 3].map(() => adjust(-400))))).toEqual([201, 201, 409]);
    expect(await balanceOf(customerId)).toBe(200);
    expect(expectStatus(await adjust(Number.MAX_SAFE_INTEGER), 400).code).toBe('amount_too_large');
    // Two invoices at once share what is there.
    const both = await Promise.all([issued(customerId, ['100']), issued(customerId, ['100'])]);
    expect(both.map(({ amountDue }) => amountDue).toSorted((a, b) => a - b)).toEqual([0, 40]);
    expect(await balanceOf(customerId)).toBe(0);
  });
});
