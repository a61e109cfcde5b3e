// The same on other servers: its charges go by the job that payments.spec.ts runs there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { Payer } from '../support/payer.js';
import { benchOf, PayShop } from '../support/pay-shop.js';
import { pointersOf } from '../support/problems.js';

type Body = ApiResponse['body'];

let shop: PayShop;
const payer = new Payer();

beforeAll(async () => {
  shop = await PayShop.start();
  await shop.takeMoneyBy('paystack', 'flutterwave', 'stripe', 'mpesa');
});

afterAll(() => shop.stop());

const api = () => shop.tenant.api;
let people = 0;

async function newCustomer(): Promise<string> {
  const email = `payer-${++people}@acme.example`;
  return expectStatus(await api().post('/customers', { name: 'Asha', currency: 'NGN', email }), 201).id;
}

/** An open invoice over 2,500.00, which is charged by itself when the customer has left something to charge. */
async function bill(customerId: string, currency = 'NGN'): Promise<Body> {
  const lines = [{ description: 'Work', unitAmount: '250000' }];
  const draft = { customerId, currency, lines, collectionMethod: 'charge_automatically' };
  const { id } = expectStatus(await api().post('/invoices', draft), 201);
  return expectStatus(await api().post(`/invoices/${id}/finalize`), 200);
}

/** Pays an invoice on the provider's page, and comes back. */
const payOnPage = (invoice: Body, provider: string, save: Record<string, string>) =>
  shop.payOn(invoice.hostedUrl, { provider, ...save });
const methodsOf = async (customerId: string): Promise<Body[]> =>
  expectStatus(await api().get(`/customers/${customerId}/payment-methods?sort=createdAt`), 200).data;
const calledAt = (provider: string, path: RegExp) =>
  shop
    .fake(provider)
    .control.journal()
    .filter((entry) => path.test(entry.path));

const PROVIDERS = [
  { provider: 'paystack', mode: 'charge-paused', confirm: 'pay', gives: /authorization\/deactivate/ },
  { provider: 'flutterwave', mode: 'charge-three-ds', confirm: 'approve', gives: null },
  {
    provider: 'stripe',
    mode: 'card-authentication-required',
    confirm: 'card',
    gives: /payment_methods\/\w+\/detach/,
  },
] as const;

describe.each(PROVIDERS)('a card that is paid with at $provider', ({ provider, mode, confirm, gives }) => {
  it('is kept when its holder agrees to that, charged for the next invoice, and given up again', async () => {
    const customerId = await newCustomer();
    await payOnPage(await bill(customerId), provider, {});
    expect(await methodsOf(customerId)).toEqual([]);

    await payOnPage(await bill(customerId), provider, { save: 'yes' });
    const [card, ...more] = await methodsOf(customerId);
    expect(more).toEqual([]);
    expect(card).toMatchObject({ provider, kind: 'card', isDefault: true });
    expect(card.label).toMatch(/ending in \d{4}$/);

    const next = await bill(customerId);
    await shop.nova.settle();
    expect(await shop.readInvoice(next.id)).toMatchObject({ status: 'paid' });
    const [payment] = await shop.paymentsOf(next.id);
    expect(payment).toMatchObject({ provider, status: 'succeeded', paymentMethodId: card.id });
    const { truth } = shop.fake(provider);
    expect(truth.net(benchOf(provider).truthName(payment.reference))).toBe(250_000n);
    expect(truth.violations()).toEqual([]);

    expectStatus(await api().delete(`/payment-methods/${card.id}`), 204);
    await shop.nova.settle();
    if (gives !== null) expect(calledAt(provider, gives)).toHaveLength(1);
    const last = await bill(customerId);
    await shop.nova.settle();
    expect(await shop.paymentsOf(last.id)).toEqual([]);
  });

  it('waits for its holder where the bank wants that, who is told and confirms', async () => {
    const customerId = await newCustomer();
    await payOnPage(await bill(customerId), provider, { save: 'yes' });
    await shop.fake(provider).control.mode(mode);
    const invoice = await bill(customerId);
    await shop.nova.settle();
    const [payment] = await shop.paymentsOf(invoice.id);
    expect(payment).toMatchObject({ status: 'requires_action', actionUrl: expect.any(String) });
    const told = shop.nova.mail
      .list()
      .find(({ subject }) => subject.includes(`payment of invoice ${invoice.number}`));
    expect(JSON.stringify(told)).toContain(invoice.hostedUrl);

    // On our page the same way to pay leads to where the bank asks.
    const asked = await payer.send(invoice.hostedUrl, { provider });
    expect(asked.url).toBe(payment.actionUrl);
    await payer.press(asked, confirm);
    await eventually(async () => {
      const page = await payer.open(`${invoice.hostedUrl}/payments/${payment.id}`);
      expect(page.text).toContain('Thank you');
    });
    expect(await shop.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
    expect(await shop.paymentsOf(invoice.id)).toMatchObject([{ id: payment.id, status: 'succeeded' }]);
  });
});

describe('a payment method that comes from another system', () => {
  const attach = (customerId: string, body: object) =>
    api().post(`/customers/${customerId}/payment-methods`, body);

  it('is charged by its token', async () => {
    const customerId = await newCustomer();
    const { token, email } = benchOf('paystack');
    const body = { provider: 'paystack', token, email, label: 'Visa ending in 4081' };
    const method = expectStatus(await attach(customerId, body), 201);
    expect(method).toMatchObject({ provider: 'paystack', label: 'Visa ending in 4081', isDefault: true });
    expect(method).not.toHaveProperty('token');
    // Brought in twice, it is one.
    expect(expectStatus(await attach(customerId, body), 201).id).toBe(method.id);
    const invoice = await bill(customerId);
    await shop.nova.settle();
    expect(await shop.readInvoice(invoice.id)).toMatchObject({ status: 'paid' });
  });

  it('is refused with what it lacks', async () => {
    const bare = expectStatus(await api().post('/customers', { name: 'Bare' }), 201).id;
    const refused = (body: object) => attach(bare, body);
    const bad: [object, string[]][] = [
      [{ provider: 'paystack', token: 'AUTH_x' }, ['/email']],
      [{ provider: 'stripe', token: 'pm_x' }, ['/providerCustomerId']],
      [{ provider: 'elsewhere', token: 'x' }, ['/provider']],
      [{ token: 'pm_sandbox_success', label: 'Mine' }, ['/label']],
    ];
    for (const [body, pointers] of bad) {
      expect(pointersOf(await refused(body), { status: 400, code: 'invalid_request' })).toEqual(pointers);
    }
    const phone = await refused({ provider: 'mpesa', token: '254712345678' });
    expect(pointersOf(phone, { status: 409, code: 'provider_not_unattended' })).toEqual(['/provider']);
    const other = await shop.nova.tenant();
    const someone = expectStatus(
      await other.api.post('/customers', { name: 'A', email: 'a@b.example' }),
      201,
    );
    const response = await other.api.post(`/customers/${someone.id}/payment-methods`, {
      provider: 'paystack',
      token: 'AUTH_x',
    });
    expect(pointersOf(response, { status: 409, code: 'provider_not_configured' })).toEqual(['/provider']);
  });
});

describe('an invoice that the default method cannot pay', () => {
  it('is charged to the newest of the others that can', async () => {
    const customerId = await newCustomer();
    const paystack = benchOf('paystack');
    const first = { provider: 'paystack', token: paystack.token, email: paystack.email };
    expectStatus(await api().post(`/customers/${customerId}/payment-methods`, first), 201);
    const { token, email } = benchOf('flutterwave');
    const second = expectStatus(
      await api().post(`/customers/${customerId}/payment-methods`, { provider: 'flutterwave', token, email }),
      201,
    );
    // Paystack takes no euros.
    const invoice = await bill(customerId, 'EUR');
    await shop.nova.settle();
    const [payment] = await shop.paymentsOf(invoice.id);
    expect(payment).toMatchObject({ provider: 'flutterwave', paymentMethodId: second.id });
  });
});

describe('a part of what is due', () => {
  it('is charged, or marked as paid, by request', async () => {
    const customerId = await newCustomer();
    const { token, email } = benchOf('paystack');
    const lines = [{ description: 'Work', unitAmount: '250000' }];
    const draft = expectStatus(await api().post('/invoices', { customerId, lines }), 201);
    const { id } = expectStatus(await api().post(`/invoices/${draft.id}/finalize`), 200);
    expectStatus(
      await api().post(`/customers/${customerId}/payment-methods`, { provider: 'paystack', token, email }),
      201,
    );
    const part = expectStatus(await api().post(`/invoices/${id}/pay`, { amount: 100_000 }), 200);
    expect(part).toMatchObject({ status: 'succeeded', amount: 100_000 });
    expect(await shop.readInvoice(id)).toMatchObject({
      status: 'open',
      amountPaid: 100_000,
      amountDue: 150_000,
    });
    for (const path of ['pay', 'mark-paid']) {
      const response = await api().post(`/invoices/${id}/${path}`, { amount: 150_001 });
      expect(response.body).toMatchObject({ status: 409, code: 'payment_exceeds_amount_due' });
    }
    const marked = expectStatus(await api().post(`/invoices/${id}/mark-paid`, { amount: 50_000 }), 200);
    expect(marked).toMatchObject({ status: 'open', amountDue: 100_000 });
    expectStatus(await api().post(`/invoices/${id}/pay`), 200);
    expect(await shop.readInvoice(id)).toMatchObject({ status: 'paid', amountDue: 0 });
  });
});
