import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { BillingStory, nextJanuary31 } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';
import { actAsPreviewed, netOf, outcomeOf } from '../support/subscription-acts.js';

type Body = ApiResponse['body'];

let nova: Nova;
let story: BillingStory;
let customer: Body;
let basic: Body;
let pro: Body;
let team: Body;
let yearly: Body;
let calls: Body;
let callsPlus: Body;

const { year } = nextJanuary31();
/** April has 30 days, so that a day of 30,000 is 1,000. */
const day = (date: string) => `${year}-${date}T09:00:00.000Z`;
const midnight = (date: string) => `${year}-${date}T00:00:00.000Z`;

beforeAll(async () => {
  nova = await startNova();
  story = await BillingStory.at(nova, day('04-01'), { timeZone: 'UTC' });
  customer = await story.customer();
  basic = await story.plan('Basic', { unitAmount: '30000' });
  pro = await story.plan('Pro', { unitAmount: '60000' });
  team = await story.plan('Team', { model: 'per_unit', unitAmount: '3000', unit: 'seat' });
  yearly = await story.plan('Pro, by the year', { unitAmount: '365000', interval: 'year' });
  const meter = await story.create('/meters', { name: 'Calls', eventName: 'calls', aggregation: 'count' });
  const usage = { type: 'usage', model: 'per_unit', meterId: meter.id };
  calls = await story.plan('Calls', { ...usage, unitAmount: '10' });
  callsPlus = await story.plan('Calls plus', { ...usage, unitAmount: '20' });
});

const call = (subscription: Body, name: string, date: string) =>
  story.create('/usage', {
    transactionId: name,
    eventName: 'calls',
    customerId: customer.id,
    subscriptionId: subscription.id,
    timestamp: day(date),
  });

afterAll(() => nova.stop());

const subscribe = (plan: Body, input: Record<string, unknown> = {}): Promise<Body> =>
  story.create('/subscriptions', { customerId: customer.id, planId: plan.id, ...input });

describe('changes of April subscriptions', () => {
  let upgraded: Body;
  let downgraded: Body;
  let seats: Body;
  let restless: Body;
  let toYear: Body;
  let withAddOn: Body;
  let planned: Body;
  let priced: Body;
  let metered: Body;

  it('are preceded by one invoice each, for all of April', async () => {
    upgraded = await subscribe(basic);
    downgraded = await subscribe(pro);
    seats = await subscribe(team, { items: [{ priceId: team.prices[0].id, quantity: '5' }] });
    restless = await subscribe(basic);
    toYear = await subscribe(basic);
    withAddOn = await subscribe(basic);
    planned = await subscribe(basic);
    priced = await subscribe(basic);
    metered = await subscribe(calls);
    expect(await netOf(story, upgraded)).toBe(30_000);
    expect(await netOf(story, seats)).toBe(15_000);
  });

  it('upgrade: credit 20 of 30 days of the old plan, charge 20 of 30 of the new, at once', async () => {
    await story.advance(day('04-11'));
    const { subscription, invoices, creditNotes } = await actAsPreviewed(story, upgraded.id, {
      verb: 'change',
      input: { planId: pro.id },
    });
    expect(creditNotes).toMatchObject([{ total: 20_000, reason: 'unused_time' }]);
    expect(invoices).toMatchObject([{ billingReason: 'subscription_change', total: 40_000, status: 'open' }]);
    expect(invoices[0].lines[0]).toMatchObject({
      amount: 40_000,
      periodStart: day('04-11'),
      periodEnd: midnight('05-01'),
      explanation: { unrounded: '40000', proration: { numerator: '20', denominator: '30' } },
    });
    expect(subscription).toMatchObject({ planId: pro.id, currentPeriodEnd: midnight('05-01') });
  });

  it('more seats: one line of the difference; fewer: one credit of it', async () => {
    const seat = team.prices[0].id;
    const more = await actAsPreviewed(story, seats.id, {
      verb: 'change',
      input: { items: [{ priceId: seat, quantity: '8' }] },
    });
    expect(more.creditNotes).toEqual([]);
    // Three seats more for 20 of 30 days.
    expect(more.invoices[0]).toMatchObject({ total: 6_000 });
    expect(more.invoices[0].lines).toMatchObject([{ quantity: '3', amount: 6_000 }]);

    await story.advance(day('04-21'));
    const fewer = await actAsPreviewed(story, seats.id, {
      verb: 'change',
      input: { items: [{ priceId: seat, quantity: '6' }], timing: 'immediate' },
    });
    expect(fewer.invoices).toEqual([]);
    // Two seats less for 10 of 30 days, taken off the invoice that charged the last ones.
    expect(fewer.creditNotes).toMatchObject([{ total: 2_000, invoiceId: more.invoices[0].id }]);
    // 5 seats for 10 days, 8 for 10 and 6 for 10, at 100 a day.
    expect(await netOf(story, seats)).toBe(19_000);
  });

  it('three changes in a month: each plan for its days', async () => {
    for (const [date, plan] of [
      ['04-22', pro],
      ['04-25', basic],
      ['04-28', pro],
    ] as const) {
      await story.advance(day(date));
      await actAsPreviewed(story, restless.id, {
        verb: 'change',
        input: { planId: plan.id, timing: 'immediate' },
      });
    }
    // Basic for 24 days at 1,000 and Pro for 6 at 2,000.
    expect(await netOf(story, restless)).toBe(24_000 + 6 * 2_000);
  });

  it('another rhythm ends the month and begins a year', async () => {
    const { subscription, invoices, creditNotes } = await actAsPreviewed(story, toYear.id, {
      verb: 'change',
      input: { planId: yearly.id, timing: 'immediate' },
    });
    expect(creditNotes).toMatchObject([{ total: 3_000 }]);
    expect(invoices).toMatchObject([{ total: 365_000 }]);
    expect(subscription).toMatchObject({
      interval: 'year',
      anchorDate: `${year}-04-28`,
      currentPeriodStart: day('04-28'),
      currentPeriodEnd: `${year + 1}-04-28T00:00:00.000Z`,
      nextBillingAt: `${year + 1}-04-28T00:00:00.000Z`,
    });
  });

  it('usage is billed by the plan that was in force when it happened', async () => {
    for (const name of ['one', 'two', 'three']) await call(metered, name, '04-20');
    const { invoices } = await actAsPreviewed(story, metered.id, {
      verb: 'change',
      input: { planId: callsPlus.id, timing: 'immediate' },
    });
    expect(invoices).toEqual([]);
    for (const name of ['four', 'five']) await call(metered, name, '04-28');
    const upcoming = await story.read(`/subscriptions/${metered.id}/upcoming-invoice`);
    expect(upcoming.lines).toMatchObject([
      { kind: 'usage', quantity: '3', amount: 30, periodEnd: day('04-28') },
      { kind: 'usage', quantity: '2', amount: 40, periodStart: day('04-28') },
    ]);
  });

  it('an add-on is charged for what is left, and given back when it goes', async () => {
    const addOn = await story.create('/plans', { name: 'Support', kind: 'add_on' });
    const price = await story.create(`/plans/${addOn.id}/prices`, {
      currency: 'NGN',
      model: 'flat',
      type: 'recurring',
      unitAmount: '9000',
      interval: 'month',
    });
    const added = await actAsPreviewed(story, withAddOn.id, {
      verb: 'change',
      input: { items: [{ priceId: price.id }] },
    });
    expect(added.invoices).toMatchObject([{ total: 900 }]);
    await story.advance(day('04-29'));
    const gone = await actAsPreviewed(story, withAddOn.id, {
      verb: 'change',
      input: { items: [{ priceId: price.id, remove: true }], timing: 'immediate' },
    });
    expect(gone.creditNotes).toMatchObject([{ total: 600 }]);
    expect(gone.subscription.items).toHaveLength(1);
  });

  it('a price of one’s own, and without proration nothing until the next period', async () => {
    const [{ priceId }] = priced.items;
    const { invoices, creditNotes } = await actAsPreviewed(story, priced.id, {
      verb: 'change',
      input: {
        items: [{ priceId, terms: { model: 'flat', amount: '45000' } }],
        proration: 'none',
      },
    });
    expect([...invoices, ...creditNotes]).toEqual([]);
    const upcoming = await story.read(`/subscriptions/${priced.id}/upcoming-invoice`);
    expect(upcoming).toMatchObject({ at: midnight('05-01'), total: 45_000 });
  });

  it('downgrade: waits for the end of the period, is listed, and can be taken back', async () => {
    const path = `/subscriptions/${downgraded.id}`;
    const waiting = await story.act(`${path}/change`, { planId: basic.id });
    expect(waiting).toMatchObject({ planId: pro.id, nextBillingAt: midnight('05-01') });
    const [change] = (await story.read(`${path}/changes?status=scheduled`)).data;
    expect(change).toMatchObject({ kind: 'changed', effectiveAt: midnight('05-01') });
    expect((await story.api.request('DELETE', `${path}/changes/${change.id}`)).status).toBe(204);
    const again = await story.api.request('DELETE', `${path}/changes/${change.id}`);
    expect(again).toMatchObject({ status: 409, body: { code: 'change_not_scheduled' } });

    await story.act(`${path}/change`, { planId: basic.id });
    const upcoming = await story.read(`${path}/upcoming-invoice`);
    expect(upcoming).toMatchObject({ at: midnight('05-01'), total: 30_000 });
    await story.act(`/subscriptions/${planned.id}/change`, {
      planId: pro.id,
      timing: { at: midnight('05-11') },
    });
  });

  it('what was scheduled happens in its time, once', async () => {
    await story.advance(day('05-12'));
    const invoices = await story.invoicesOf(downgraded);
    expect(invoices.map(({ total }) => total)).toEqual([60_000, 30_000]);
    expect(await story.read(`/subscriptions/${downgraded.id}`)).toMatchObject({ planId: basic.id });

    const { invoices: charged, creditNotes } = await outcomeOf(story, planned, { status: 'applied' });
    // 21 of the 31 days of May: 20,322.58 of the old, 40,645.16 of the new.
    expect(charged).toMatchObject([{ total: 40_645 }]);
    expect(creditNotes).toMatchObject([{ total: 20_323 }]);
    expect((await story.invoicesOf(metered)).map(({ total }) => total)).toEqual([70]);
  });

  it('full_price_reset begins a new period at the full price', async () => {
    const { subscription, invoices, creditNotes } = await actAsPreviewed(story, upgraded.id, {
      verb: 'change',
      input: { planId: basic.id, timing: 'immediate', proration: 'full_price_reset' },
    });
    expect(creditNotes).toEqual([]);
    expect(invoices).toMatchObject([{ total: 30_000 }]);
    expect(subscription).toMatchObject({ anchorDate: `${year}-05-12`, currentPeriodEnd: midnight('06-12') });
  });

  it.each([
    ['a moment before the current period', { timing: { at: midnight('04-20') } }, 400, '/timing/at'],
    ['a plan that is not there', { planId: 'nothing' }, 404, '/planId'],
    ['a version that is not there', { version: 9 }, 404, '/version'],
    ['an item that it has not', { items: [{ id: 'si_none', quantity: '2' }] }, 404, '/items/0/id'],
    ['nothing at all', {}, 400, '/items'],
  ])('refuse %s', async (_, input, status, pointer) => {
    const change = 'timing' in input ? { planId: pro.id, ...input } : input;
    const response = await story.api.post(`/subscriptions/${planned.id}/change`, change);
    expect(response.status).toBe(status);
    expect(response.body.errors?.[0]?.pointer).toBe(pointer);
  });
});
