import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { PayShop } from '../support/pay-shop.js';
import { pointersOf } from '../support/problems.js';

type Body = ApiResponse['body'];

let shop: PayShop;

beforeAll(async () => {
  shop = await PayShop.start();
  await shop.takeMoneyBy('paystack', 'flutterwave', 'stripe', 'mpesa');
});

afterAll(() => shop.stop());

const api = () => shop.tenant.api;
const open = async (changes: object = {}): Promise<Body> => {
  const { id } = await shop.invoice('NGN');
  return expectStatus(await api().post('/checkout-sessions', { invoiceId: id, ...changes }), 201);
};
const read = async ({ id }: Body): Promise<Body> =>
  expectStatus(await api().get(`/checkout-sessions/${id}`), 200);
const eventsOf = async (session: Body): Promise<string[]> => {
  const { data } = expectStatus(await api().get(`/events?objectId=${session.id}&sort=createdAt`), 200);
  return data.map(({ type }: { type: string }) => type);
};

const payOn = (session: Body, provider = 'paystack') => shop.payOn(session.url, { provider });

describe('a checkout session', () => {
  it('asks for all that is due, is complete when that is paid, and has what it was paid with', async () => {
    const session = await open({ metadata: { basket: '17' } });
    expect(session).toMatchObject({
      object: 'checkout_session',
      status: 'open',
      amount: null,
      currency: 'NGN',
      savePaymentMethod: 'offered',
      url: expect.stringContaining('/pay/c'),
      payments: [],
      metadata: { basket: '17' },
    });
    await payOn(session);
    const paid = await read(session);
    expect(paid).toMatchObject({
      status: 'complete',
      url: null,
      completedAt: expect.any(String),
      payments: [
        { status: 'succeeded', amount: 250_000, provider: 'paystack', checkoutSessionId: session.id },
      ],
    });
    expect(await shop.readInvoice(session.invoiceId)).toMatchObject({ status: 'paid' });
    expect(await eventsOf(session)).toEqual(['checkout_session.created', 'checkout_session.completed']);
  });

  it('may ask for a part, beside others, and ends when there is nothing left to pay', async () => {
    const first = await open({ amount: 100_000 });
    const { invoiceId } = first;
    const make = async (changes: object) =>
      expectStatus(await api().post('/checkout-sessions', { invoiceId, ...changes }), 201);
    const [rest, unused] = [await make({}), await make({ amount: 50_000 })];
    await payOn(first);
    expect(await read(first)).toMatchObject({ status: 'complete' });
    expect(await shop.readInvoice(invoiceId)).toMatchObject({ status: 'open', amountDue: 150_000 });
    expect(await read(rest)).toMatchObject({ status: 'open' });
    await payOn(rest, 'flutterwave');
    expect(await read(rest)).toMatchObject({ status: 'complete', payments: [{ amount: 150_000 }] });
    expect(await read(unused)).toMatchObject({ status: 'expired', payments: [] });
    expect(await eventsOf(unused)).toContain('checkout_session.expired');
    expect(await shop.readInvoice(invoiceId)).toMatchObject({ status: 'paid', amountDue: 0 });
  });

  it('bills a customer for lines, with an invoice of its own', async () => {
    const customer = expectStatus(await api().post('/customers', { name: 'Bola', currency: 'NGN' }), 201);
    const body = {
      customerId: customer.id,
      lines: [{ description: 'Day pass', quantity: 1, unitAmount: '120000' }],
    };
    const session = expectStatus(await api().post('/checkout-sessions', body), 201);
    expect(await shop.readInvoice(session.invoiceId)).toMatchObject({
      status: 'open',
      customerId: customer.id,
      amountDue: 120_000,
      number: expect.any(String),
    });
  });

  it('ends with its invoice: nobody has paid what was voided or credited in full', async () => {
    const voided = await open();
    expectStatus(await api().post(`/invoices/${voided.invoiceId}/void`), 200);
    const credited = await open();
    const note = { invoiceId: credited.invoiceId, amount: 250_000, to: 'balance' };
    expectStatus(await api().post('/credit-notes', note), 201);
    for (const session of [voided, credited])
      expect(await read(session)).toMatchObject({ status: 'expired' });
    const marked = await open();
    expectStatus(await api().post(`/invoices/${marked.invoiceId}/mark-paid`), 200);
    expect(await read(marked)).toMatchObject({ status: 'complete' });
  });

  it('is listed by status, customer and invoice', async () => {
    const session = await open();
    for (const query of [
      `invoice=${session.invoiceId}`,
      `customer=${session.customerId}`,
      `status=open&invoice=${session.invoiceId}`,
    ]) {
      const { data } = expectStatus(await api().get(`/checkout-sessions?${query}`), 200);
      expect(data).toEqual([session]);
    }
    const none = expectStatus(
      await api().get(`/checkout-sessions?status=complete&invoice=${session.invoiceId}`),
      200,
    );
    expect(none.data).toEqual([]);
  });

  it('is refused with what cannot be paid, or leads nowhere', async () => {
    const { id } = await shop.invoice('NGN');
    const refused = (body: object) => api().post('/checkout-sessions', body);
    expect((await refused({ invoiceId: id, amount: 250_001 })).body).toMatchObject({
      status: 409,
      code: 'payment_exceeds_amount_due',
    });
    expect((await refused({ invoiceId: 'inv_x' })).status).toBe(404);
    const bad: [object, string[]][] = [
      [{}, ['/invoiceId']],
      [{ customerId: 'cus_x' }, ['/lines']],
      [{ invoiceId: id, currency: 'NGN' }, ['/currency']],
      [{ invoiceId: id, amount: 0 }, ['/amount']],
      [{ invoiceId: id, expiresInMinutes: 29 }, ['/expiresInMinutes']],
      [{ invoiceId: id, expiresInMinutes: 43_201 }, ['/expiresInMinutes']],
      [{ invoiceId: id, successUrl: 'http://shop.example' }, ['/successUrl']],
      [{ invoiceId: id, successUrl: 'https://me:secret@shop.example' }, ['/successUrl']],
      [{ invoiceId: id, cancelUrl: 'javascript:alert(1)' }, ['/cancelUrl']],
    ];
    for (const [body, pointers] of bad) {
      const response = await refused(body);
      expect(pointersOf(response, { status: 400, code: 'invalid_request' })).toEqual(pointers);
    }
    expectStatus(await refused({ invoiceId: id, successUrl: 'http://localhost:3000/thanks' }), 201);
    expectStatus(await api().post(`/invoices/${id}/void`), 200);
    expect((await refused({ invoiceId: id })).body).toMatchObject({ status: 409, code: 'invoice_not_open' });
  });
});
