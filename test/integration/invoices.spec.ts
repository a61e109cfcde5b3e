import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { postPatiently } from '../support/patiently.js';

let nova: Nova;
let tenant: TestTenant;
let customer: ApiResponse['body'];

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  customer = expectStatus(
    await tenant.api.post('/customers', { name: 'Chidi', email: 'chidi@invoices.example', currency: 'NGN' }),
    201,
  );
});

afterAll(() => nova.stop());

const lines = [{ description: 'Work', quantity: '1', unitAmount: '1000' }];

async function draft(input: Record<string, unknown> = {}): Promise<ApiResponse['body']> {
  return expectStatus(await tenant.api.post('/invoices', { customerId: customer.id, lines, ...input }), 201);
}

async function open(input: Record<string, unknown> = {}): Promise<ApiResponse['body']> {
  const { id } = await draft(input);
  return expectStatus(await tenant.api.post(`/invoices/${id}/finalize`), 200);
}

const refusal = (response: ApiResponse) => ({ status: response.status, code: response.body.code });

/** Runs `work` in the tenant's test database. */
function inDatabase<T>(of: TestTenant, work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  return contexts.run({ tenantId: of.tenantId, mode: 'test', actor, requestId: null }, work);
}

describe('drafts', () => {
  it('are found by id and external id, and have no number', async () => {
    const made = await draft({ externalId: 'order-1', metadata: { project: 'x' } });
    expect(made).toMatchObject({
      object: 'invoice',
      status: 'draft',
      number: null,
      issuedAt: null,
      total: 1000,
    });
    for (const reference of [made.id, 'order-1']) {
      expect(expectStatus(await tenant.api.get(`/invoices/${reference}`), 200)).toEqual(made);
    }
  });

  it('refuse an external id that is taken, with a pointer', async () => {
    await draft({ externalId: 'twice' });
    const again = await tenant.api.post('/invoices', { customerId: customer.id, externalId: 'twice' });
    expect(again).toMatchObject({
      status: 409,
      body: { code: 'external_id_taken', errors: [{ pointer: '/externalId' }] },
    });
  });

  it.each([
    ['an unknown key', { colour: 'red' }, '/colour'],
    ['a line with neither price nor amount', { lines: [{ description: 'x' }] }, '/lines/0/unitAmount'],
    ['a line without a description', { lines: [{ unitAmount: '1' }] }, '/lines/0/description'],
    ['a negative amount', { lines: [{ description: 'x', unitAmount: '-5' }] }, '/lines/0/unitAmount'],
    ['a float of an amount', { lines: [{ description: 'x', unitAmount: 1.5 }] }, '/lines/0/unitAmount'],
    [
      'no quantity at all',
      { lines: [{ description: 'x', unitAmount: '1', quantity: '0' }] },
      '/lines/0/quantity',
    ],
    ['a currency of no country', { currency: 'XYZ' }, '/currency'],
    ['terms of years', { netTermsDays: 4000 }, '/netTermsDays'],
  ])('refuse %s', async (_, input, pointer) => {
    const response = await tenant.api.post('/invoices', { customerId: customer.id, ...input });
    expect(response.status).toBe(400);
    expect(response.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('refuse a customer or a price that is not there', async () => {
    const nobody = await tenant.api.post('/invoices', { customerId: 'cus_00000000000000000000000000' });
    expect(refusal(nobody)).toEqual({ status: 404, code: 'not_found' });
    const noPrice = await tenant.api.post('/invoices', {
      customerId: customer.id,
      lines: [{ priceId: 'no-price' }],
    });
    expect(noPrice).toMatchObject({ status: 404, body: { errors: [{ pointer: '/lines/0/priceId' }] } });
  });

  it('refuse more money than JSON can say', async () => {
    const response = await tenant.api.post('/invoices', {
      customerId: customer.id,
      lines: [{ description: 'All of it', quantity: '900719925', unitAmount: '900719925474' }],
    });
    expect(refusal(response)).toEqual({ status: 400, code: 'amount_too_large' });
  });

  it('change under If-Match, and are deleted', async () => {
    const made = await draft();
    const path = `/invoices/${made.id}`;
    const read = await tenant.api.get(path);
    const etag = read.headers.get('etag') ?? '';
    const first = await tenant.api.patch(path, { memo: 'one', metadata: { a: '1' } }, { 'if-match': etag });
    expect(first).toMatchObject({ status: 200, body: { memo: 'one', metadata: { a: '1' } } });
    const second = await tenant.api.patch(path, { memo: 'two' }, { 'if-match': etag });
    expect(refusal(second)).toEqual({ status: 412, code: 'precondition_failed' });
    expect((await tenant.api.delete(path, { 'if-match': etag })).status).toBe(412);
    expect((await tenant.api.delete(path)).status).toBe(204);
    expect((await tenant.api.get(path)).status).toBe(404);
  });
});

describe('finalising', () => {
  it('freezes the document; only the metadata changes after it', async () => {
    const made = await open();
    const path = `/invoices/${made.id}`;
    expect(made).toMatchObject({
      status: 'open',
      seller: { name: expect.any(String) },
      buyer: { name: 'Chidi' },
    });
    expect(made.number).toMatch(/^INV-\d{6}$/);
    expect(refusal(await tenant.api.patch(path, { memo: 'x' }))).toEqual({
      status: 409,
      code: 'invoice_not_draft',
    });
    expect(refusal(await tenant.api.delete(path))).toEqual({ status: 409, code: 'invoice_not_draft' });
    expect(refusal(await tenant.api.post(`${path}/finalize`))).toEqual({
      status: 409,
      code: 'invoice_not_draft',
    });
    const noted = await tenant.api.patch(path, { metadata: { paidBy: 'Ada' } });
    expect(noted).toMatchObject({ status: 200, body: { metadata: { paidBy: 'Ada' }, number: made.number } });
    expect(expectStatus(await tenant.api.get(`/invoices/${made.number}`), 200).id).toBe(made.id);
  });

  it('refuses an invoice without lines', async () => {
    const { id } = await draft({ lines: [] });
    expect(refusal(await tenant.api.post(`/invoices/${id}/finalize`))).toEqual({
      status: 409,
      code: 'invoice_has_no_lines',
    });
  });

  it('numbers fifty at once without a gap and without a double', async () => {
    const crowd = await nova.tenant();
    const { id: customerId } = expectStatus(
      await crowd.api.post('/customers', { name: 'Many', currency: 'NGN' }),
      201,
    );
    const drafts = await Promise.all(
      Array.from({ length: 50 }, () => postPatiently(crowd.api, '/invoices', { customerId, lines })),
    );
    // Some fail on purpose in between: a number that is not used is given back.
    const empty = await Promise.all(
      Array.from({ length: 5 }, () => postPatiently(crowd.api, '/invoices', { customerId })),
    );
    const finalised = await Promise.all(
      [...drafts, ...empty].map(({ body }) => postPatiently(crowd.api, `/invoices/${body.id}/finalize`)),
    );
    expect(finalised.filter((response) => response.status === 409)).toHaveLength(5);
    const numbers = finalised.flatMap(({ status, body }) => (status === 200 ? [String(body.number)] : []));
    expect(numbers.toSorted((x, y) => x.localeCompare(y))).toEqual(
      Array.from({ length: 50 }, (_, n) => `INV-${String(n + 1).padStart(6, '0')}`),
    );
  });

  it('finalises once when asked ten times at once, and sends one e-mail', async () => {
    const one = expectStatus(
      await tenant.api.post('/customers', { name: 'Once', email: 'once@invoices.example', currency: 'NGN' }),
      201,
    );
    const { id } = await draft({ customerId: one.id });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => tenant.api.post(`/invoices/${id}/finalize`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    await nova.settle();
    expect(nova.mail.list().filter((mail) => mail.recipients.includes('once@invoices.example'))).toHaveLength(
      1,
    );
  });

  it('takes an invoice over nothing as paid, without a charge', async () => {
    const free = await open({ lines: [{ description: 'Goodwill', unitAmount: '0' }] });
    expect(free).toMatchObject({ status: 'paid', total: 0, amountDue: 0 });
    expect(free.paidAt).not.toBeNull();
  });

  it('sends no e-mail to a customer who has no address', async () => {
    const silent = expectStatus(
      await tenant.api.post('/customers', { name: 'Silent', currency: 'NGN' }),
      201,
    );
    const { id } = await open({ customerId: silent.id });
    const rows = await inDatabase(tenant, (ctx) => ctx.db.emailMessage.count({ where: { invoiceId: id } }));
    expect(rows).toBe(0);
    expect(refusal(await tenant.api.post(`/invoices/${id}/send`))).toEqual({
      status: 409,
      code: 'customer_has_no_email',
    });
  });
});

describe('settling', () => {
  it('by hand records a manual payment of the rest', async () => {
    const { id } = await open();
    const paid = await tenant.api.post(`/invoices/${id}/mark-paid`, { note: 'Cash' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid', amountPaid: 1000, amountDue: 0 } });
    const payments = expectStatus(await tenant.api.get(`/payments?invoice=${id}`), 200);
    expect(payments.data).toEqual([
      expect.objectContaining({ provider: 'manual', amount: 1000, note: 'Cash' }),
    ]);
    expect(refusal(await tenant.api.post(`/invoices/${id}/mark-paid`))).toEqual({
      status: 409,
      code: 'invoice_not_open',
    });
  });

  it('happens once, however many ask at once', async () => {
    const { id } = await open();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => tenant.api.post(`/invoices/${id}/mark-paid`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const payments = await inDatabase(tenant, (ctx) => ctx.db.payment.findMany({ where: { invoiceId: id } }));
    expect(payments).toHaveLength(1);
  });

  it('does not take a payment from the future, nor one of a draft', async () => {
    const { id } = await open();
    const paidAt = new Date(Date.now() + 86_400_000).toISOString();
    const early = await tenant.api.post(`/invoices/${id}/mark-paid`, { paidAt });
    expect(early).toMatchObject({ status: 400, body: { errors: [{ pointer: '/paidAt' }] } });
    const { id: draftId } = await draft();
    expect(refusal(await tenant.api.post(`/invoices/${draftId}/mark-paid`))).toEqual({
      status: 409,
      code: 'invoice_not_open',
    });
  });
});

describe('voiding', () => {
  it('keeps the number and asks for nothing any more', async () => {
    const made = await open();
    const voided = expectStatus(await tenant.api.post(`/invoices/${made.id}/void`), 200);
    expect(voided).toMatchObject({ status: 'void', number: made.number, amountDue: 0, total: 1000 });
    for (const verb of ['void', 'mark-paid', 'finalize']) {
      expect((await tenant.api.post(`/invoices/${made.id}/${verb}`)).status).toBe(409);
    }
  });

  it('is refused for drafts and for what was paid', async () => {
    const { id } = await draft();
    expect(refusal(await tenant.api.post(`/invoices/${id}/void`))).toEqual({
      status: 409,
      code: 'invoice_not_voidable',
    });
    const { id: paidId } = await open();
    await tenant.api.post(`/invoices/${paidId}/mark-paid`);
    expect(refusal(await tenant.api.post(`/invoices/${paidId}/void`))).toEqual({
      status: 409,
      code: 'invoice_not_voidable',
    });
  });
});

describe('the PDF', () => {
  it('is served inline under its number, the same bytes each time', async () => {
    const made = await open();
    const first = await tenant.api.get(`/invoices/${made.number}/pdf`);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('application/pdf');
    expect(first.headers.get('content-disposition')).toBe(`inline; filename="${made.number}.pdf"`);
    expect(first.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const second = await tenant.api.get(`/invoices/${made.id}/pdf`);
    expect(second.bytes.equals(first.bytes)).toBe(true);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    await tenant.api.post(`/invoices/${made.id}/void`);
    const voided = await tenant.api.get(`/invoices/${made.id}/pdf`);
    expect(voided.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });
});

describe('sending again', () => {
  it('sends a copy, once for a request that is repeated', async () => {
    const { id: customerId } = expectStatus(
      await tenant.api.post('/customers', { name: 'Copy', email: 'copy@invoices.example', currency: 'NGN' }),
      201,
    );
    const { id, number } = await open({ customerId });
    await nova.settle();
    const headers = { 'request-id': 'send-me-once' };
    const answers = [
      await tenant.api.post(`/invoices/${id}/send`, undefined, headers),
      await tenant.api.post(`/invoices/${id}/send`, undefined, headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers[1]?.body.id).toBe(answers[0]?.body.id);
    await nova.settle();
    const letters = nova.mail.list().filter((mail) => mail.recipients.includes('copy@invoices.example'));
    expect(letters.map((letter) => letter.subject.replace(/ from .*/, ''))).toEqual([
      `Copy of invoice ${number}`,
      `Invoice ${number}`,
    ]);
    const { id: draftId } = await draft();
    expect(refusal(await tenant.api.post(`/invoices/${draftId}/send`))).toEqual({
      status: 409,
      code: 'invoice_not_sendable',
    });
  });
});

describe('lists', () => {
  it('filter by status, customer and time, and read on by cursor', async () => {
    const { id: customerId } = expectStatus(
      await tenant.api.post('/customers', { name: 'Lister', externalId: 'lister', currency: 'NGN' }),
      201,
    );
    for (let n = 0; n < 5; n++) await draft({ customerId, memo: `draft ${n}` });
    await open({ customerId });
    const all = expectStatus(await tenant.api.get('/customers/lister/invoices'), 200);
    expect(all).toMatchObject({ object: 'list', hasMore: false, nextCursor: null });
    expect(all.data).toHaveLength(6);
    expect(
      expectStatus(await tenant.api.get('/invoices?customer=lister&status=open'), 200).data,
    ).toHaveLength(1);
    const page = expectStatus(await tenant.api.get('/invoices?customer=lister&limit=4'), 200);
    const rest = expectStatus(
      await tenant.api.get(`/invoices?customer=lister&limit=4&cursor=${page.nextCursor}`),
      200,
    );
    expect([...page.data, ...rest.data].map((item: { id: string }) => item.id)).toEqual(
      all.data.map((item: { id: string }) => item.id),
    );
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(expectStatus(await tenant.api.get(`/invoices?createdAt[gte]=${later}`), 200).data).toEqual([]);
    expect(await tenant.api.get('/invoices?state=open')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '?state' }] },
    });
  });
});
