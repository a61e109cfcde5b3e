import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { Payer, type SeenPage } from '../support/payer.js';
import { PayShop } from '../support/pay-shop.js';

type Body = ApiResponse['body'];

let shop: PayShop;
let moment: string;
const payer = new Payer();

beforeAll(async () => {
  shop = await PayShop.start();
  ({ moment } = nextJanuary31());
});

afterAll(() => shop.stop());

const begin = () => BillingStory.at(shop.nova, moment, { timeZone: 'Africa/Lagos', country: 'NG' });
const later = (hours: number) => new Date(Date.parse(moment) + hours * 3_600_000).toISOString();
/** Goes to a page and chooses to pay; the sandbox asks how that ends. */
const choose = (page: string): Promise<SeenPage> => payer.send(page, { provider: 'sandbox' });
const end = (at: SeenPage, outcome: 'succeed' | 'decline' | 'pending') => payer.send(at.url, { outcome });
const lettersTo = (story: BillingStory, { email }: Body): string[] =>
  story.mailTo(email).map(({ subject }) => subject);
const eventsOf = async (story: BillingStory, id: string): Promise<string[]> =>
  (await story.read(`/events?objectId=${id}&sort=createdAt`)).data.map(({ type }: Body) => type);

describe('a workshop that is paid in two parts', () => {
  it('takes a deposit and the rest on pages of their own, with a receipt of each', async () => {
    const story = await begin();
    const customer = await story.customer();
    const lines = [{ description: 'Workshop', unitAmount: '500000' }];
    const deposit = await story.create('/checkout-sessions', {
      customerId: customer.id,
      lines,
      amount: 200_000,
    });
    const { invoiceId } = deposit;
    await story.settle();

    expect((await end(await choose(deposit.url), 'decline')).text).toContain('was not made');
    expect((await end(await choose(deposit.url), 'succeed')).text).toContain('Thank you');
    expect(await story.read(`/checkout-sessions/${deposit.id}`)).toMatchObject({
      status: 'complete',
      payments: [
        { status: 'failed', failureCode: 'declined' },
        { status: 'succeeded', amount: 200_000 },
      ],
    });

    const rest = await story.create('/checkout-sessions', { invoiceId });
    await end(await choose(rest.url), 'succeed');
    await story.settle();
    const invoice = await story.read(`/invoices/${invoiceId}`);
    expect(invoice).toMatchObject({ status: 'paid', amountPaid: 500_000, amountDue: 0 });
    expect(await eventsOf(story, rest.id)).toEqual([
      'checkout_session.created',
      'checkout_session.completed',
    ]);
    const receipt = `Receipt for invoice ${invoice.number}`;
    expect(lettersTo(story, customer)).toEqual([
      expect.stringContaining(`Invoice ${invoice.number}`),
      expect.stringContaining(receipt),
      expect.stringContaining(receipt),
    ]);
    const payments = (await story.read(`/payments?invoice=${invoiceId}&status=succeeded`)).data;
    for (const { id } of payments) {
      const pdf = await fetch(`${shop.nova.url}/api/payments/${id}/receipt`, {
        headers: { authorization: `Bearer ${story.tenant.testKey}` },
      });
      expect(pdf.headers.get('content-type')).toBe('application/pdf');
      expect(
        Buffer.from(await pdf.arrayBuffer())
          .subarray(0, 5)
          .toString(),
      ).toBe('%PDF-');
    }
  });
});

describe('a customer who leaves the page open', () => {
  it('finds it expired, unless the payment was begun before: that is taken, however late', async () => {
    const story = await begin();
    const customer = await story.customer();
    const lines = [{ description: 'Ticket', unitAmount: '90000' }];
    const sell = () =>
      story.create('/checkout-sessions', { customerId: customer.id, lines, expiresInMinutes: 60 });
    const [forgotten, late] = [await sell(), await sell()];
    const atTheBank = await choose(late.url);

    await story.advance(later(2));
    for (const { id } of [forgotten, late]) {
      expect(await story.read(`/checkout-sessions/${id}`)).toMatchObject({ status: 'expired', url: null });
      expect(await eventsOf(story, id)).toEqual(['checkout_session.created', 'checkout_session.expired']);
    }
    expect((await payer.open(forgotten.url)).status).toBe(410);
    expect((await choose(late.url)).status).toBe(410);

    await end(atTheBank, 'succeed');
    await story.advance(later(8));
    expect(await story.read(`/checkout-sessions/${late.id}`)).toMatchObject({ status: 'complete' });
    expect(await story.read(`/invoices/${late.invoiceId}`)).toMatchObject({ status: 'paid' });
    expect(await story.read(`/invoices/${forgotten.invoiceId}`)).toMatchObject({ status: 'open' });
  });
});

describe('a customer who leaves a card', () => {
  it('is charged for what follows, and hears of each payment once', async () => {
    const story = await begin();
    const customer = await story.customer();
    const session = await story.create('/checkout-sessions', {
      customerId: customer.id,
      lines: [{ description: 'Set-up', unitAmount: '50000' }],
      savePaymentMethod: 'always',
    });
    await story.settle();
    await end(await choose(session.url), 'pending');
    await story.advance(later(1));
    expect(await story.read(`/invoices/${session.invoiceId}`)).toMatchObject({ status: 'paid' });
    const { data: methods } = await story.read(`/customers/${customer.id}/payment-methods`);
    expect(methods).toMatchObject([{ provider: 'sandbox', isDefault: true }]);

    const draft = await story.create('/invoices', {
      customerId: customer.id,
      lines: [{ description: 'First month', unitAmount: '70000' }],
      collectionMethod: 'charge_automatically',
    });
    const { number } = await story.act(`/invoices/${draft.id}/finalize`);
    await story.settle();
    expect(await story.read(`/invoices/${draft.id}`)).toMatchObject({ status: 'paid' });
    // What is charged as it is issued has one e-mail, that of the invoice.
    const letters = lettersTo(story, customer).filter((subject) => subject.includes(number));
    expect(letters).toEqual([expect.stringContaining(`Invoice ${number}`)]);
  });

  it('gets no receipts where the tenant sends its own', async () => {
    const story = await begin();
    const settings = { receiptEmails: 'none' };
    expectStatus(await story.tenant.user.patch('/tenants/me', { settings }), 200);
    const customer = await story.customer();
    const lines = [{ description: 'Ticket', unitAmount: '90000' }];
    const session = await story.create('/checkout-sessions', { customerId: customer.id, lines });
    await story.settle();
    await end(await choose(session.url), 'succeed');
    await story.settle();
    expect(lettersTo(story, customer)).toHaveLength(1);
  });
});
