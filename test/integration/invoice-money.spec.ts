import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;
let customer: ApiResponse['body'];

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  const [made] = await Promise.all([
    tenant.api.post('/customers', { name: 'Chidi', currency: 'NGN', country: 'NG' }),
    tenant.api.post('/tax-rates/presets', { country: 'NG' }),
  ]);
  customer = expectStatus(made, 201);
});

afterAll(() => nova.stop());

const work = { description: 'Work', quantity: '3', unitAmount: '33333.5', unit: 'hour' };
const books = {
  description: 'Books',
  quantity: '1',
  unitAmount: '107500',
  taxBehavior: 'inclusive',
};

async function draft(input: Record<string, unknown> = {}): Promise<ApiResponse['body']> {
  const body = { customerId: customer.id, lines: [work, books], ...input };
  return expectStatus(await tenant.api.post('/invoices', body), 201);
}

async function open(input: Record<string, unknown> = {}): Promise<ApiResponse['body']> {
  const { id } = await draft(input);
  return expectStatus(await tenant.api.post(`/invoices/${id}/finalize`), 200);
}

async function coupon(input: Record<string, unknown>): Promise<ApiResponse['body']> {
  const { id: couponId } = expectStatus(
    await tenant.api.post('/coupons', { name: 'Welcome', ...input }),
    201,
  );
  return expectStatus(await tenant.api.post(`/customers/${customer.id}/discounts`, { couponId }), 201);
}

const refusal = (response: ApiResponse) => ({ status: response.status, code: response.body.code });

describe('a one-off invoice', () => {
  it('has its taxes by line and by rate, as its preview said', async () => {
    const input = { customerId: customer.id, lines: [work, books], purchaseOrder: 'PO-4711' };
    const preview = expectStatus(await tenant.api.post('/invoices/preview', input), 200);
    const made = await draft({ purchaseOrder: 'PO-4711' });
    expect(made).toMatchObject({
      purchaseOrder: 'PO-4711',
      subtotal: 207_501,
      discountTotal: 0,
      taxTotal: 15_000,
      total: 215_001,
      amountDue: 215_001,
      balanceApplied: 0,
      walletApplied: 0,
      amountCredited: 0,
      taxes: [{ code: 'VAT', rate: '7.5', base: 200_001, amount: 15_000, reason: null }],
      finalizeAt: null,
      uncollectibleAt: null,
    });
    expect(made.lines).toMatchObject([
      {
        kind: 'manual',
        unit: 'hour',
        amount: 100_001,
        netAmount: 100_001,
        taxAmount: 7500,
        explanation: { model: 'per_unit', unrounded: '100000.5', rounding: 'half_away_from_zero' },
      },
      { amount: 107_500, netAmount: 100_000, taxAmount: 7500, taxBehavior: 'inclusive' },
    ]);
    expect(made.lines[0].explanation.steps).toMatchObject([{ quantity: '3', unitAmount: '33333.5' }]);
    const { subtotal, taxTotal, total, taxes } = made;
    expect(preview).toMatchObject({ subtotal, taxTotal, total, taxes });
    expect(preview.lines).toHaveLength(2);
    expect(made.lines).toMatchObject(preview.lines);
  });

  it('takes the customer’s discounts when asked to, uses them up when finalised, and gives them back when voided', async () => {
    const discount = await coupon({ kind: 'fixed', amountOff: 300_000, currency: 'NGN', duration: 'once' });
    const left = async () => {
      const { data } = expectStatus(await tenant.api.get(`/customers/${customer.id}/discounts`), 200);
      return data.find(({ id }: { id: string }) => id === discount.id)?.amountLeft;
    };
    const made = await draft();
    expect(made).toMatchObject({ discountTotal: 0, discounts: [] });
    const path = `/invoices/${made.id}`;
    const changed = expectStatus(await tenant.api.patch(path, { discounts: 'customer' }), 200);
    expect(changed).toMatchObject({
      discountTotal: 207_501,
      taxTotal: 0,
      total: 0,
      discounts: [{ discountId: discount.id, name: 'Welcome', amount: 207_501 }],
    });
    expect(await left()).toBe(300_000);
    const lines = [
      { ...work, quantity: '2' },
      { ...work, quantity: '8' },
    ];
    const dearer = expectStatus(await tenant.api.patch(path, { lines }), 200);
    expect(dearer).toMatchObject({ subtotal: 333_335, discountTotal: 300_000, total: 35_835 });
    expectStatus(await tenant.api.post(`${path}/finalize`), 200);
    expect(await left()).toBe(0);
    const voided = expectStatus(await tenant.api.post(`${path}/void`), 200);
    expect(voided).toMatchObject({ status: 'void', amountDue: 0, discountTotal: 300_000 });
    expect(await left()).toBe(300_000);
    expectStatus(await tenant.api.delete(`/customers/${customer.id}/discounts/${discount.id}`), 204);
  });

  it.each([
    ['a tax category that is none', { lines: [{ ...work, taxCategory: 'No Such' }] }, '/lines/0/taxCategory'],
    ['a purchase order without end', { purchaseOrder: 'x'.repeat(101) }, '/purchaseOrder'],
    ['discounts of somebody', { discounts: 'all' }, '/discounts'],
  ])('refuses %s', async (_, input, pointer) => {
    for (const path of ['/invoices', '/invoices/preview']) {
      const response = await tenant.api.post(path, { customerId: customer.id, ...input });
      expect(response.status).toBe(400);
      expect(response.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
    }
  });
});

describe('an invoice that is given up', () => {
  it('stays owed, is not charged unattended, and may be paid after all', async () => {
    const { id, total } = await open();
    const path = `/invoices/${id}`;
    const given = expectStatus(await tenant.api.post(`${path}/mark-uncollectible`), 200);
    expect(given).toMatchObject({
      status: 'uncollectible',
      amountDue: total,
      uncollectibleAt: expect.any(String),
    });
    expect(refusal(await tenant.api.post(`${path}/mark-uncollectible`))).toEqual({
      status: 409,
      code: 'invoice_not_open',
    });
    const found = expectStatus(await tenant.api.get('/invoices?status=uncollectible'), 200);
    expect(found.data).toMatchObject([{ id }]);
    const paid = expectStatus(await tenant.api.post(`${path}/mark-paid`, {}), 200);
    expect(paid).toMatchObject({ status: 'paid', amountPaid: total, amountDue: 0 });
  });

  it('can be charged by somebody who asks for it', async () => {
    const payer = expectStatus(await tenant.api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
    const token = 'pm_sandbox_success';
    expectStatus(await tenant.api.post(`/customers/${payer.id}/payment-methods`, { token }), 201);
    const { id } = await open({ customerId: payer.id });
    expectStatus(await tenant.api.post(`/invoices/${id}/mark-uncollectible`), 200);
    expect(await tenant.api.post(`/invoices/${id}/pay`, {})).toMatchObject({ body: { status: 'succeeded' } });
    expect(expectStatus(await tenant.api.get(`/invoices/${id}`), 200).status).toBe('paid');
  });
});

describe('listing invoices', () => {
  it('finds those that are overdue, from the day after they were due', async () => {
    const late = await open({ netTermsDays: 0, memo: 'late' });
    const query = (name: string) => tenant.api.get(`/invoices?${name}&limit=100`);
    const ids = async (name: string) =>
      expectStatus(await query(name), 200).data.map(({ id }: { id: string }) => id);
    expect(await ids('overdue=true')).not.toContain(late.id);
    expect(await ids('overdue=false')).toContain(late.id);
    expectStatus(await tenant.api.post('/test-clock/advance', { days: 2 }), 200);
    expect(await ids('overdue=true')).toContain(late.id);
    expect(await ids('overdue=false')).not.toContain(late.id);
    const soon = await open({ netTermsDays: 30 });
    const before = encodeURIComponent(soon.dueAt);
    expect(await ids(`dueBefore=${before}`)).toContain(late.id);
    expect(await ids(`dueBefore=${before}`)).not.toContain(soon.id);
    expect(await ids(`number=${late.number}`)).toEqual([late.id]);
    expect(await ids('billingReason=subscription_cycle')).toEqual([]);
    expect(await ids('currency=KES')).toEqual([]);
  });
});

describe('numbers that begin anew each year', () => {
  it('have a series a year, without gaps', async () => {
    const yearly = await nova.tenant();
    const settings = { invoiceSeriesReset: 'yearly', invoicePrefix: 'ACME' };
    expectStatus(await yearly.user.patch('/tenants/me', { settings }), 200);
    const { id: customerId } = expectStatus(
      await yearly.api.post('/customers', { name: 'C', currency: 'NGN' }),
      201,
    );
    const issue = async () => {
      const { id } = expectStatus(await yearly.api.post('/invoices', { customerId, lines: [work] }), 201);
      return expectStatus(await yearly.api.post(`/invoices/${id}/finalize`), 200);
    };
    const [first, second] = [await issue(), await issue()];
    const year = Number(first.issuedAt.slice(0, 4));
    expect([first.number, second.number]).toEqual([`ACME/${year}-000001`, `ACME/${year}-000002`]);
    expectStatus(await yearly.api.post('/test-clock/advance', { days: 366 }), 200);
    const { number, id } = await issue();
    expect(number).toBe(`ACME/${year + 1}-000001`);
    expect(expectStatus(await yearly.api.get(`/invoices/${encodeURIComponent(number)}`), 200).id).toBe(id);
  });
});
