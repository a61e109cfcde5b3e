import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';

let nova: Nova;
let year: number;
let moment: string;

beforeAll(async () => {
  nova = await startNova();
  ({ year, moment } = nextJanuary31());
});

afterAll(() => nova.stop());

describe('a one-off invoice', () => {
  it('is drafted, changed, finalised, e-mailed, and paid by bank transfer', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer();
    const draft = await story.create('/invoices', {
      customerId: customer.id,
      externalId: 'order-4711',
      lines: [{ description: 'On-site training', quantity: '2', unitAmount: '4500000' }],
      netTermsDays: 14,
    });
    expect(draft).toMatchObject({ status: 'draft', number: null, total: 9_000_000, currency: 'NGN' });

    const changed = await story.api.patch('/invoices/order-4711', {
      lines: [
        { description: 'On-site training', quantity: '3', unitAmount: '4500000' },
        { description: 'Travel', unitAmount: '125050' },
      ],
      memo: 'Thank you!',
    });
    expect(changed.body).toMatchObject({ total: 13_625_050, memo: 'Thank you!', netTermsDays: 14 });

    const open = await story.act('/invoices/order-4711/finalize');
    expect(open).toMatchObject({
      status: 'open',
      number: 'INV-000001',
      issuedAt: moment,
      dueAt: `${year}-02-14T09:00:00.000Z`,
      buyer: { name: 'Ngozi Okafor' },
    });
    await story.settle();
    expect(story.mailTo(customer.email).map((letter) => letter.subject)).toEqual([
      expect.stringContaining('INV-000001'),
    ]);

    await story.advance(`${year}-02-12T10:00:00.000Z`);
    const paidAt = `${year}-02-11T16:00:00.000Z`;
    const paid = await story.act('/invoices/INV-000001/mark-paid', { note: 'Bank transfer 8814', paidAt });
    expect(paid).toMatchObject({ status: 'paid', amountPaid: 13_625_050, amountDue: 0, paidAt });
    const payments = await story.read(`/customers/${customer.id}/payments`);
    expect(payments.data).toEqual([
      expect.objectContaining({
        provider: 'manual',
        status: 'succeeded',
        amount: 13_625_050,
        invoiceId: draft.id,
      }),
    ]);
  });
});

describe('a card that is declined', () => {
  it('leaves the invoice open until it is paid another way', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_declined');
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.settle();

    const [invoice] = await story.invoicesOf(subscription);
    expect(invoice).toMatchObject({ status: 'open', amountDue: 1_500_000 });
    const [attempt] = (await story.read(`/customers/${customer.id}/payments`)).data;
    expect(attempt).toMatchObject({ status: 'failed', invoiceId: invoice.id });

    const paid = await story.act(`/invoices/${invoice.id}/mark-paid`, { note: 'Cash at the counter' });
    expect(paid).toMatchObject({ status: 'paid', amountDue: 0 });
    const [letter] = story.mailTo(customer.email);
    expect(letter?.subject).toContain('INV-000001');
  });
});

describe('a payment that takes a while', () => {
  it('settles by the clock', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_pending_success');
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.settle();
    const [pending] = await story.invoicesOf(subscription);
    expect(pending).toMatchObject({ status: 'open' });
    const refused = await story.api.post(`/invoices/${pending.id}/void`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'invoice_payment_in_flight' } });

    await story.advance(`${year}-02-01T00:00:00.000Z`);
    const [paid] = await story.invoicesOf(subscription);
    expect(paid.status).toBe('paid');
    expect(paid.paidAt < `${year}-01-31T12:00:00.000Z`).toBe(true);
  });
});
