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

describe('canceling', () => {
  it('at period end lets the paid month run out, and bills no other', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });

    const leaving = await story.act(`/subscriptions/${subscription.id}/cancel`, { reason: 'Too expensive' });
    expect(leaving).toMatchObject({
      status: 'active',
      cancelAtPeriodEnd: true,
      cancelReason: 'Too expensive',
    });

    await story.advance(`${year}-06-01T00:00:00.000Z`);
    const ended = await story.read(`/subscriptions/${subscription.id}`);
    expect(ended).toMatchObject({
      status: 'canceled',
      endedAt: subscription.currentPeriodEnd,
      canceledAt: moment,
      nextBillingAt: null,
    });
    expect(await story.invoicesOf(subscription)).toHaveLength(1);
  });

  it('at period end can be taken back', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer();
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.act(`/subscriptions/${subscription.id}/cancel`);
    const kept = await story.api.patch(`/subscriptions/${subscription.id}`, { cancelAtPeriodEnd: false });
    expect(kept.body).toMatchObject({ status: 'active', cancelAtPeriodEnd: false, canceledAt: null });

    await story.advance(`${year}-04-01T00:00:00.000Z`);
    expect(await story.invoicesOf(subscription)).toHaveLength(3);
  });

  it('at once ends it now', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer();
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });

    await story.advance(`${year}-02-10T00:00:00.000Z`);
    const ended = await story.act(`/subscriptions/${subscription.id}/cancel`, { timing: 'immediate' });
    expect(ended).toMatchObject({
      status: 'canceled',
      endedAt: `${year}-02-10T00:00:00.000Z`,
      nextBillingAt: null,
    });

    await story.advance(`${year}-06-01T00:00:00.000Z`);
    expect(await story.invoicesOf(subscription)).toHaveLength(1);
    const again = await story.api.post(`/subscriptions/${subscription.id}/cancel`, {});
    expect(again).toMatchObject({ status: 409, body: { code: 'subscription_canceled' } });
  });
});

describe('a start in the future', () => {
  it('bills nothing before, and the first period when it has come', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const plan = await story.plan('Pro', { unitAmount: '1500000' });
    const startAt = `${year}-02-15T08:00:00.000Z`;
    const subscription = await story.create('/subscriptions', {
      customerId: customer.id,
      planId: plan.id,
      startAt,
    });
    expect(subscription).toMatchObject({
      status: 'scheduled',
      nextBillingAt: startAt,
      latestInvoiceId: null,
    });

    await story.advance(`${year}-02-15T07:59:59.000Z`);
    expect(await story.invoicesOf(subscription)).toHaveLength(0);

    await story.advance(`${year}-03-16T00:00:00.000Z`);
    const invoices = await story.invoicesOf(subscription);
    expect(invoices.map((invoice) => invoice.issuedAt)).toEqual([startAt, `${year}-03-15T00:00:00.000Z`]);
    expect(invoices[0].lines[0].periodStart).toBe(startAt);
    expect(await story.read(`/subscriptions/${subscription.id}`)).toMatchObject({ status: 'active' });
  });
});

describe('quantities and prices finer than a minor unit', () => {
  it('are multiplied exactly and rounded once on the line; one-time prices are billed once', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_success');
    const plan = await story.plan(
      'Messages',
      { name: 'SMS', model: 'per_unit', unitAmount: '0.8' },
      { name: 'Seats', model: 'per_unit', unitAmount: '33.333' },
      { name: 'Set-up', type: 'one_time', unitAmount: '250000' },
    );
    const [sms, seats, setUp] = plan.prices;
    const subscription = await story.create('/subscriptions', {
      customerId: customer.id,
      planId: plan.id,
      items: [
        { priceId: sms.id, quantity: '12345' },
        { priceId: seats.id, quantity: '2.5' },
        { priceId: setUp.id },
      ],
    });
    await story.advance(`${year}-03-01T00:00:00.000Z`);

    const [first, second] = await story.invoicesOf(subscription);
    // 0.8 × 12,345 = 9,876 exactly; 33.333 × 2.5 = 83.3325, rounded to 83.
    expect(first.lines.map((line: { amount: number }) => line.amount)).toEqual([9_876, 83, 250_000]);
    expect(first.lines[1].explanation).toMatchObject({
      model: 'per_unit',
      unrounded: '83.3325',
      rounding: 'half_away_from_zero',
    });
    expect(first.lines[2]).toMatchObject({
      description: 'Messages – Set-up',
      periodStart: null,
      periodEnd: null,
    });
    expect(first).toMatchObject({ subtotal: 259_959, total: 259_959, status: 'paid' });
    expect(second.lines.map((line: { amount: number }) => line.amount)).toEqual([9_876, 83]);
  });
});

describe('an invoice over nothing', () => {
  it('is paid from the start, and nobody is charged', async () => {
    const story = await BillingStory.at(nova, moment, { timeZone: 'UTC' });
    const customer = await story.customer({}, 'pm_sandbox_declined');
    const plan = await story.plan('Free', { unitAmount: '0' });
    const subscription = await story.create('/subscriptions', { customerId: customer.id, planId: plan.id });
    await story.advance(`${year}-03-01T00:00:00.000Z`);

    const invoices = await story.invoicesOf(subscription);
    expect(invoices.map((invoice) => [invoice.number, invoice.status, invoice.total])).toEqual([
      ['INV-000001', 'paid', 0],
      ['INV-000002', 'paid', 0],
    ]);
    expect((await story.read(`/customers/${customer.id}/payments`)).data).toEqual([]);
  });
});
