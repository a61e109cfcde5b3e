import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';

let nova: Nova;
let year: number;

/** ₦0.01 a call up to 10,000, ₦0.008 up to 100,000, ₦0.005 above, in kobo. */
const TIERS = [
  { upTo: '10000', unitAmount: '1', flatAmount: '0' },
  { upTo: '100000', unitAmount: '0.8', flatAmount: '0' },
  { upTo: null, unitAmount: '0.5', flatAmount: '0' },
];

beforeAll(async () => {
  nova = await startNova();
  ({ year } = nextJanuary31());
});

afterAll(() => nova.stop());

describe('a subscription with a fee and metered calls', () => {
  it('bills two months, takes late events into the draft, and bills later ones with the next', async () => {
    const story = await BillingStory.at(nova, `${year}-02-01T09:00:00.000Z`, { timeZone: 'UTC' });
    const customer = await story.customer();
    const meter = await story.create('/meters', {
      name: 'Calls',
      eventName: 'calls',
      aggregation: 'sum',
      property: 'count',
      unit: 'call',
    });
    const plan = await story.plan(
      'API',
      { unitAmount: '500000' },
      { type: 'usage', model: 'graduated', meterId: meter.id, terms: { model: 'graduated', tiers: TIERS } },
    );
    const [fee, calls] = plan['prices'];
    const subscription = await story.create('/subscriptions', {
      customerId: customer.id,
      planId: plan.id,
      items: [{ priceId: fee.id }, { priceId: calls.id }],
      collectionMethod: 'send_invoice',
    });
    let sent = 0;
    const use = (timestamp: string, count: number) =>
      story.api.post('/usage', {
        transactionId: `call-${(sent += 1)}`,
        customerId: customer.id,
        eventName: 'calls',
        timestamp,
        properties: { count },
      });
    const linesOf = (invoice: { lines: { description: string; amount: number; quantity: string }[] }) =>
      invoice.lines.map(({ quantity, amount }) => [quantity, amount]);

    // February's fee is paid at the start; 49,000 calls are made in February.
    await story.advance(`${year}-02-20T00:00:00.000Z`);
    expect((await use(`${year}-02-10T10:00:00.000Z`, 40_000)).status).toBeLessThan(300);
    expect((await use(`${year}-02-19T10:00:00.000Z`, 9_000)).status).toBeLessThan(300);

    // At the end of the month its usage and March's fee are a draft; 1,000 calls are reported within the hour.
    await story.advance(`${year}-03-01T00:30:00.000Z`);
    const [, draft] = await story.invoicesOf(subscription);
    expect(draft).toMatchObject({ status: 'draft', number: null });
    expect(linesOf(draft)).toEqual([
      ['49000', 41_200],
      ['1', 500_000],
    ]);
    expect((await use(`${year}-02-28T23:00:00.000Z`, 1_000)).status).toBeLessThan(300);
    await story.advance(`${year}-03-01T02:00:00.000Z`);
    const [, march] = await story.invoicesOf(subscription);
    expect(march).toMatchObject({ status: 'open', issuedAt: `${year}-03-01T01:00:00.000Z`, total: 542_000 });
    expect(linesOf(march)).toEqual([
      ['50000', 42_000],
      ['1', 500_000],
    ]);

    // 200,000 calls in March, and 150,000 of February that nobody knew of: February comes to 200,000 as well.
    await story.advance(`${year}-03-15T00:00:00.000Z`);
    expect((await use(`${year}-03-14T10:00:00.000Z`, 200_000)).status).toBeLessThan(300);
    expect((await use(`${year}-02-27T10:00:00.000Z`, 150_000)).status).toBeLessThan(300);
    await story.advance(`${year}-04-01T02:00:00.000Z`);
    const invoices = await story.invoicesOf(subscription);
    const april = invoices.at(-1);
    expect(april).toMatchObject({ status: 'open', total: 132_000 + 500_000 + 90_000 });
    expect(linesOf(april)).toEqual([
      ['200000', 132_000],
      ['1', 500_000],
      ['200000', 90_000],
    ]);
    expect(invoices.map((invoice) => invoice.number)).toEqual(['INV-000001', 'INV-000002', 'INV-000003']);
  });
});

describe('a subscription whose usage is billed at a threshold', () => {
  it('bills what has come together each time, and at the end of the month only the rest', async () => {
    const story = await BillingStory.at(nova, `${year}-02-01T09:00:00.000Z`, { timeZone: 'UTC' });
    const customer = await story.customer();
    const meter = await story.create('/meters', {
      name: 'Calls',
      eventName: 'calls',
      aggregation: 'sum',
      property: 'count',
    });
    const plan = await story.plan(
      'API',
      { unitAmount: '500000' },
      { type: 'usage', model: 'graduated', meterId: meter.id, terms: { model: 'graduated', tiers: TIERS } },
    );
    const subscription = await story.create('/subscriptions', {
      customerId: customer.id,
      planId: plan.id,
      items: plan['prices'].map(({ id }: { id: string }) => ({ priceId: id })),
      collectionMethod: 'send_invoice',
      usageThreshold: 20_000,
    });
    let sent = 0;
    const use = async (timestamp: string, count: number) => {
      const event = { customerId: customer.id, eventName: 'calls', timestamp, properties: { count } };
      const answer = await story.api.post('/usage', { ...event, transactionId: `threshold-${(sent += 1)}` });
      expect(answer.status).toBeLessThan(300);
      await story.settle();
    };

    // 10,000 calls come to ₦100.00 of the ₦200.00; 20,000 more to ₦260.00, which is billed at once.
    await story.advance(`${year}-02-10T00:00:00.000Z`);
    await use(`${year}-02-09T10:00:00.000Z`, 10_000);
    expect(await story.invoicesOf(subscription)).toHaveLength(1);
    await use(`${year}-02-09T11:00:00.000Z`, 20_000);
    await story.advance(`${year}-02-10T01:00:00.000Z`);
    const [, first] = await story.invoicesOf(subscription);
    expect(first).toMatchObject({ billingReason: 'usage_threshold', status: 'open', total: 26_000 });

    // The month comes to 40,000 calls, ₦340.00: ₦80.00 are left to be billed, with March's fee.
    await use(`${year}-02-09T12:00:00.000Z`, 10_000);
    await story.advance(`${year}-03-01T02:00:00.000Z`);
    const march = (await story.invoicesOf(subscription)).at(-1);
    expect(march).toMatchObject({ status: 'open', total: 8_000 + 500_000 });
    expect(march.lines[0].explanation).toMatchObject({ unrounded: '34000', alreadyBilled: '26000' });
  });
});

describe('usage that becomes known when its customer is gone', () => {
  it('is billed an hour later, on one invoice of its own', async () => {
    const story = await BillingStory.at(nova, `${year}-05-01T09:00:00.000Z`, { timeZone: 'UTC' });
    const customer = await story.customer();
    const meter = await story.create('/meters', {
      name: 'Calls',
      eventName: 'last_calls',
      aggregation: 'count',
    });
    const plan = await story.plan(
      'Calls',
      { type: 'usage', model: 'per_unit', meterId: meter.id, unitAmount: '250' },
      {
        unitAmount: '1000',
      },
    );
    const subscription = await story.create('/subscriptions', {
      customerId: customer.id,
      planId: plan.id,
      collectionMethod: 'send_invoice',
    });
    const use = async (transactionId: string, timestamp: string) =>
      expect(
        (
          await story.api.post('/usage', {
            transactionId,
            customerId: customer.id,
            eventName: 'last_calls',
            timestamp,
          })
        ).status,
      ).toBeLessThan(300);
    await use('known', `${year}-05-01T09:00:00.000Z`);
    await story.advance(`${year}-05-10T12:00:00.000Z`);
    await story.act(`/subscriptions/${subscription.id}/cancel`, { timing: 'immediate', credit: 'none' });
    await story.advance(`${year}-05-10T18:00:00.000Z`);
    const before = await story.invoicesOf(subscription);

    await use('forgotten-1', `${year}-05-09T10:00:00.000Z`);
    await use('forgotten-2', `${year}-05-10T11:00:00.000Z`);
    await story.advance(`${year}-05-10T20:00:00.000Z`);
    const after = await story.invoicesOf(subscription);
    expect(after).toHaveLength(before.length + 1);
    expect(after.at(-1)).toMatchObject({ status: 'open', billingReason: 'subscription_end', total: 500 });
  });
});
