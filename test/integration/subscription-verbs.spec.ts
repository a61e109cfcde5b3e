import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { BillingStory } from '../support/billing-story.js';
import { startNova, type Nova } from '../support/nova.js';
import { netOf } from '../support/subscription-acts.js';

type Body = ApiResponse['body'];

let nova: Nova;
let story: BillingStory;
let customer: Body;
let seats: Body;
let coupon: Body;

const YEAR = new Date().getUTCFullYear() + 1;
/** The 16th of 30 days: half of the month is left. */
const START = `${YEAR}-04-01T00:00:00.000Z`;
const HALF = `${YEAR}-04-16T09:00:00.000Z`;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  story = await BillingStory.at(nova, START, { timeZone: 'UTC', country: 'NG' });
  customer = await story.customer({ country: 'NG' });
  seats = await story.plan('Team', { model: 'per_unit', unitAmount: '1000' });
  expectStatus(await story.api.post('/tax-rates/presets', { country: 'NG' }), 200);
  coupon = await story.create('/coupons', {
    name: 'Half price',
    kind: 'percentage',
    percentOff: '50',
    duration: 'forever',
  });
});

afterAll(() => nova.stop());

const subscribe = (quantity: string, input: Record<string, unknown> = {}): Promise<Body> =>
  story.create('/subscriptions', {
    customerId: customer.id,
    planId: seats.id,
    items: [{ priceId: seats.prices[0].id, quantity }],
    ...input,
  });
const change = (of: Body, quantity: string) =>
  story.api.post(`/subscriptions/${of.id}/change`, {
    items: [{ priceId: seats.prices[0].id, quantity }],
    timing: 'immediate',
  });

/** Some billing runs at once, as if the tenant's clock stood at a moment. */
async function billAt(moment: string, runs: number): Promise<void> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const who = { tenantId: story.tenant.tenantId, mode: 'test', requestId: null } as const;
  const actor = { type: 'system', id: 'spec' } as const;
  const clock = stoppedClock(new Date(moment));
  const run = () => contexts.run({ ...who, actor }, (ctx: TenantContext) => runBilling({ ...ctx, clock }));
  await Promise.all(Array.from({ length: runs }, run));
}

describe('with a coupon and tax', () => {
  it('credits carry the shares of what was charged, and charges their own', async () => {
    const subscription = await subscribe('10', { couponId: coupon.id });
    const preview = await story.act('/subscriptions/preview', {
      customerId: customer.id,
      planId: seats.id,
      items: [{ priceId: seats.prices[0].id, quantity: '10' }],
      couponId: coupon.id,
    });
    // 10,000 less half, with 7.5 % VAT.
    const [first] = await story.invoicesOf(subscription);
    expect(first).toMatchObject({ subtotal: 10_000, discountTotal: 5_000, taxTotal: 375, total: 5_375 });
    expect(preview.invoices[0]).toMatchObject({ discountTotal: 5_000, taxTotal: 375, total: 5_375 });

    expectStatus(await story.api.post('/test-clock/advance', { to: HALF }), 200);
    const fewer = expectStatus(await change(subscription, '6'), 200);
    const notes = await story.read(`/credit-notes?invoice=${first.id}`);
    // Four seats for half a month: 2,000 less half, with its tax.
    expect(notes.data).toMatchObject([{ discountTotal: 1_000, taxTotal: 75, total: 1_075 }]);
    expectStatus(await change(fewer, '10'), 200);
    expect(await netOf(story, subscription)).toBe(5_375);
  });
});

describe('at once and twice', () => {
  it('five changes at once charge once', async () => {
    const subscription = await subscribe('5');
    const answers = await Promise.all(Array.from({ length: 5 }, () => change(subscription, '9')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const invoices = await story.invoicesOf(subscription);
    expect(invoices.map(({ subtotal }) => subtotal)).toEqual([5_000, 4_000]);
  });

  it('five cancellations at once credit once', async () => {
    const subscription = await subscribe('5');
    const cancel = () =>
      story.api.post(`/subscriptions/${subscription.id}/cancel`, { timing: 'immediate', credit: 'unused' });
    const answers = await Promise.all(Array.from({ length: 5 }, cancel));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
    expect(await netOf(story, subscription)).toBe(0);
  });

  it('what is due happens once, whoever runs', async () => {
    const trial = await subscribe('2', { trialDays: 3 });
    const ends = await subscribe('3', { cancelAt: `${YEAR}-04-19T00:00:00.000Z` });
    await billAt(`${YEAR}-04-19T06:00:00.000Z`, 4);
    await billAt(`${YEAR}-04-19T06:00:00.000Z`, 1);
    expect((await story.invoicesOf(trial)).map(({ subtotal }) => subtotal)).toEqual([2_000]);
    expect(await story.read(`/subscriptions/${ends.id}`)).toMatchObject({ status: 'canceled' });
    const [invoice] = await story.invoicesOf(ends);
    expect((await story.read(`/credit-notes?invoice=${invoice.id}`)).data).toHaveLength(1);
  });

  it('a version that has passed is refused', async () => {
    const subscription = await subscribe('1');
    const path = `/subscriptions/${subscription.id}`;
    const etag = (await story.api.get(path)).headers.get('etag') ?? '';
    const pause = () => story.api.with({ 'if-match': etag }).post(`${path}/pause`, {});
    expect((await pause()).status).toBe(200);
    expect((await pause()).status).toBe(412);
  });
});

describe('what does not fit', () => {
  it.each([
    ['another currency', async () => (await story.plan('Dollars', { currency: 'USD', unitAmount: '5' })).id],
    ['an archived plan', () => archived()],
  ])('%s is refused', async (_, planId) => {
    const subscription = await subscribe('1');
    const answer = await story.api.post(`/subscriptions/${subscription.id}/change`, {
      planId: await planId(),
    });
    expect([400, 409]).toContain(answer.status);
    expect(await netOf(story, subscription)).toBeGreaterThan(0);
  });

  async function archived(): Promise<string> {
    const plan = await story.plan('Gone', { unitAmount: '5' });
    expectStatus(await story.api.patch(`/plans/${plan.id}`, { active: false }), 200);
    return plan.id;
  }
});
