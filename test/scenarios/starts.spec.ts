import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { BillingStory, nextLeapYear } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';

type Body = ApiResponse['body'];

let nova: Nova;
let story: BillingStory;
let customer: Body;
let plan: Body;

const year = nextLeapYear();
const day = (date: string) => `${year}-${date}T09:00:00.000Z`;
const midnight = (date: string) => `${year}-${date}T00:00:00.000Z`;

beforeAll(async () => {
  nova = await startNova();
  story = await BillingStory.at(nova, day('01-31'), { timeZone: 'UTC' });
  customer = await story.customer();
  plan = await story.plan('Basic', { unitAmount: '29000' }, { type: 'one_time', unitAmount: '5000' });
});

afterAll(() => nova.stop());

const request = (input: Record<string, unknown>) => ({ customerId: customer.id, planId: plan.id, ...input });

/** Previews a new subscription, makes it, and sees that its first invoice is the one that was shown. */
async function subscribe(input: Record<string, unknown> = {}): Promise<Body> {
  const preview = await story.act('/subscriptions/preview', request(input));
  const made = await story.create('/subscriptions', request(input));
  const invoices = await story.invoicesOf(made);
  const lines = (of: Body) => of.lines.map((line: Body) => [line.description, line.amount, line.periodEnd]);
  expect(invoices.map(lines)).toEqual(preview.invoices.map(lines));
  expect(invoices.map(({ total }) => total)).toEqual(preview.invoices.map(({ total }: Body) => total));
  const { status, anchorDate, currentPeriodEnd, nextBillingAt, trialEndsAt } = preview.subscription;
  expect(made).toMatchObject({ status, anchorDate, currentPeriodEnd, nextBillingAt, trialEndsAt });
  return made;
}

const periodEnds = async (of: Body) =>
  (await story.invoicesOf(of)).map(({ lines }) => lines[0].periodEnd.slice(0, 10));
const totals = async (of: Body) => (await story.invoicesOf(of)).map(({ total }) => total);

describe('starts on 31 January of a leap year', () => {
  let monthEnd: Body;
  let trial: Body;
  let setUp: Body;
  let aligned: Body;
  let alignedTrial: Body;
  let onThe15th: Body;
  let yearly: Body;

  it('bill the first period at once, and none of a trial', async () => {
    monthEnd = await subscribe();
    trial = await subscribe({ trialDays: 14 });
    expect(trial).toMatchObject({
      status: 'trialing',
      trialEndsAt: midnight('02-14'),
      anchorDate: `${year}-02-14`,
      nextBillingAt: midnight('02-14'),
    });
    expect(await totals(trial)).toEqual([]);
    const [fee, oneTime] = plan.prices;
    setUp = await subscribe({ trialDays: 14, items: [{ priceId: fee.id }, { priceId: oneTime.id }] });
    const upcoming = await story.read(`/subscriptions/${setUp.id}/upcoming-invoice`);
    expect(upcoming).toMatchObject({ at: midnight('02-14'), total: 34_000 });
  });

  it('cost a part of a period up to the first billing day', async () => {
    aligned = await subscribe({ alignment: 'calendar' });
    // One of the 31 days of January: 935.48.
    expect(await totals(aligned)).toEqual([935]);
    alignedTrial = await subscribe({ alignment: 'calendar', trialDays: 10 });
    expect(alignedTrial).toMatchObject({ status: 'trialing', nextBillingAt: midnight('02-01') });
    onThe15th = await subscribe({ billingDay: 15 });
    // 15 of the 31 days from 15 January.
    expect(await totals(onThe15th)).toEqual([14_032]);
  });

  it('in the past bill all that has fallen due since, on one invoice', async () => {
    const billed = await subscribe({ startAt: `${year - 1}-11-15T00:00:00.000Z` });
    const [invoice] = await story.invoicesOf(billed);
    expect(invoice.lines.map((line: Body) => line.periodEnd.slice(0, 10))).toEqual([
      `${year - 1}-12-15`,
      `${year}-01-15`,
      `${year}-02-15`,
    ]);
    expect(invoice.total).toBe(87_000);
    expect(billed).toMatchObject({ status: 'active', nextBillingAt: midnight('02-15') });
    const skipped = await subscribe({
      startAt: `${year - 1}-11-15T00:00:00.000Z`,
      backdateBilling: 'skip',
    });
    expect(await totals(skipped)).toEqual([29_000]);
  });

  it('keep to the last day of months, and to a trial’s end', async () => {
    yearly = await subscribe({ cancelAt: midnight('05-10') });
    await story.advance(day('02-12'));
    expect(await story.read(`/subscriptions/${alignedTrial.id}`)).toMatchObject({ status: 'active' });
    // 20 of the 29 days of February, from the 10th on.
    expect(await totals(alignedTrial)).toEqual([20_000]);
    await story.advance(day('05-12'));
    expect(await periodEnds(monthEnd)).toEqual([
      `${year}-02-29`,
      `${year}-03-31`,
      `${year}-04-30`,
      `${year}-05-31`,
    ]);
    expect(await periodEnds(trial)).toEqual([`${year}-03-14`, `${year}-04-14`, `${year}-05-14`]);
    expect(await totals(setUp)).toEqual([34_000, 29_000, 29_000]);
    expect(await totals(aligned)).toEqual([935, 29_000, 29_000, 29_000, 29_000]);
    expect(await totals(alignedTrial)).toEqual([20_000, 29_000, 29_000, 29_000]);
    expect(await periodEnds(onThe15th)).toEqual([
      `${year}-02-15`,
      `${year}-03-15`,
      `${year}-04-15`,
      `${year}-05-15`,
    ]);
    expect(await story.read(`/subscriptions/${yearly.id}`)).toMatchObject({
      status: 'canceled',
      endedAt: midnight('05-10'),
    });
  });

  it('of a year on a leap day come back to the 28th, and to the 29th four years on', async () => {
    const byYear = await story.plan('By the year', { unitAmount: '100', interval: 'year' });
    const made = await story.create('/subscriptions', {
      customerId: customer.id,
      planId: byYear.id,
      startAt: `${year}-02-29T00:00:00.000Z`,
    });
    expect(made).toMatchObject({
      status: 'active',
      currentPeriodEnd: `${year + 1}-02-28T00:00:00.000Z`,
    });
  });

  it('tell what happened as events', async () => {
    const { data } = await story.read(`/events?objectId=${trial.id}&limit=100`);
    const types = data.map(({ type }: Body) => type);
    expect(types).toContain('subscription.created');
    expect(types).toContain('subscription.trial_ended');
  });

  it.each([
    ['a trial said twice', { trialDays: 3, trialEndsAt: day('02-05') }, '/trialEndsAt'],
    ['a trial that is over before it begins', { trialEndsAt: day('01-30') }, '/trialEndsAt'],
    ['an end before the start', { cancelAt: day('01-01') }, '/cancelAt'],
    ['a start of years ago', { startAt: `${year - 2}-01-01T00:00:00Z` }, '/startAt'],
    [
      'terms that cannot be',
      { items: [{ priceId: 'x', terms: { model: 'flat' } }] },
      '/items/0/terms/amount',
    ],
  ])('refuse %s', async (_, input, pointer) => {
    const response = await story.api.post('/subscriptions', request(input));
    expect(response).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});
