import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { TenantWrites } from '@nova/core/tenancy/context/tenant-writes.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { BillingStory } from '../support/billing-story.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { queueOf } from '../support/queue-of.js';

type Body = ApiResponse['body'];

let nova: Nova;
let tenant: TestTenant;
let customer: Body;
let plan: Body;
let price: Body;

const YEAR = new Date().getUTCFullYear() + 1;
const START = `${YEAR}-03-10T10:00:00.000Z`;

beforeAll(async () => {
  // No workers: what is billed here is billed by the test, or by the advance of a clock.
  nova = await startNova({ processors: 'none' });
  const story = await BillingStory.at(nova, START, { timeZone: 'UTC' });
  tenant = story.tenant;
  customer = await story.customer();
  plan = await story.plan('Pro', { unitAmount: '1000' });
  [price] = plan.prices;
});

afterAll(() => nova.stop());

const subscribe = (input: Record<string, unknown> = {}) =>
  tenant.api.post('/subscriptions', { customerId: customer.id, planId: plan.id, ...input });

const addPrice = async (input: Record<string, unknown>): Promise<Body> =>
  expectStatus(
    await tenant.api.post(`/plans/${plan.id}/prices`, {
      currency: 'NGN',
      model: 'flat',
      type: 'recurring',
      unitAmount: '1',
      interval: 'month',
      intervalCount: 1,
      ...input,
    }),
    201,
  );

function inDatabase<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  return contexts.run({ tenantId: tenant.tenantId, mode: 'test', actor, requestId: null }, work);
}

/** A billing run as if the tenant's clock stood at a moment. */
const billAt = (moment: string) =>
  inDatabase((ctx) => runBilling({ ...ctx, clock: stoppedClock(new Date(moment)) }));

const invoicesOf = async (subscription: Body): Promise<Body[]> =>
  expectStatus(
    await tenant.api.get(`/invoices?subscription=${subscription.id}&sort=createdAt&limit=100`),
    200,
  ).data;

describe('creating', () => {
  it('bills the first period at once, in the same transaction', async () => {
    const subscription = expectStatus(await subscribe({ externalId: 'first', metadata: { a: 'b' } }), 201);
    expect(subscription).toMatchObject({
      object: 'subscription',
      status: 'active',
      anchorDate: `${YEAR}-03-10`,
      currentPeriodStart: START,
      currentPeriodEnd: `${YEAR}-04-10T00:00:00.000Z`,
      nextBillingAt: `${YEAR}-04-10T00:00:00.000Z`,
      items: [{ priceId: price.id, quantity: '1' }],
    });
    const [invoice] = await invoicesOf(subscription);
    expect(invoice).toMatchObject({
      id: subscription.latestInvoiceId,
      status: 'open',
      billingReason: 'subscription_create',
      total: 1000,
      issuedAt: START,
    });
    expect(expectStatus(await tenant.api.get('/subscriptions/first'), 200)).toEqual(subscription);
    const listed = expectStatus(await tenant.api.get(`/customers/${customer.id}/subscriptions`), 200);
    expect(listed.data).toContainEqual(subscription);
  });

  it('leaves nothing behind when it is refused half-way', async () => {
    const before = await inDatabase((ctx) => ctx.db.invoice.count());
    expectStatus(await subscribe({ externalId: 'taken' }), 201);
    const again = await subscribe({ externalId: 'taken' });
    expect(again).toMatchObject({ status: 409, body: { code: 'external_id_taken' } });
    expect(await inDatabase((ctx) => ctx.db.invoice.count())).toBe(before + 1);
  });

  it.each([
    ['an unknown customer', { customerId: 'nobody' }, 404, undefined],
    ['an unknown plan', { planId: 'nothing' }, 404, undefined],
    ['a price of no plan', { items: [{ priceId: 'x' }] }, 404, '/items/0/priceId'],
    ['another currency', { currency: 'KES' }, 400, '/currency'],
    ['a start in the past', { startAt: '2020-01-01T00:00:00Z' }, 400, '/startAt'],
    ['a start in years', { startAt: `${YEAR + 3}-01-01T00:00:00Z` }, 400, '/startAt'],
    ['an unknown key', { coupon: 'x' }, 400, '/coupon'],
    ['a quantity of nothing', { items: [{ priceId: 'x', quantity: '0' }] }, 400, '/items/0/quantity'],
  ])('refuses %s', async (_, input, status, pointer) => {
    const response = await subscribe(input);
    expect(response.status).toBe(status);
    expect(response.body.errors?.[0]?.pointer).toBe(pointer);
  });

  it('refuses prices that cannot be billed together', async () => {
    const yearly = await addPrice({ interval: 'year' });
    const response = await subscribe({ items: [{ priceId: price.id }, { priceId: yearly.id }] });
    expect(response).toMatchObject({
      status: 400,
      body: { code: 'items_do_not_fit', errors: [{ pointer: '/items/1/priceId' }] },
    });
  });
});

describe('changing', () => {
  it('takes effect from the next invoice on, under If-Match', async () => {
    const subscription = expectStatus(await subscribe({ items: [{ priceId: price.id }] }), 201);
    const path = `/subscriptions/${subscription.id}`;
    const etag = (await tenant.api.get(path)).headers.get('etag') ?? '';
    const changed = await tenant.api.patch(
      path,
      { collectionMethod: 'send_invoice', netTermsDays: 30, metadata: { team: 'blue' } },
      { 'if-match': etag },
    );
    expect(changed).toMatchObject({
      status: 200,
      body: { collectionMethod: 'send_invoice', netTermsDays: 30 },
    });
    expect((await tenant.api.patch(path, { netTermsDays: 1 }, { 'if-match': etag })).status).toBe(412);
    await billAt(`${YEAR}-04-10T00:00:00.000Z`);
    const [, second] = await invoicesOf(subscription);
    expect(second).toMatchObject({ collectionMethod: 'send_invoice', dueAt: `${YEAR}-05-10T00:00:00.000Z` });
  });
});

describe('a billing run', () => {
  it('catches up periods that were missed, one invoice each, and repeats nothing', async () => {
    const subscription = expectStatus(await subscribe({ items: [{ priceId: price.id }] }), 201);
    const late = `${YEAR}-07-15T00:00:00.000Z`;
    await billAt(late);
    await billAt(late);
    const invoices = await invoicesOf(subscription);
    expect(invoices.map((invoice) => invoice.lines[0].periodStart.slice(5, 10))).toEqual([
      '03-10',
      '04-10',
      '05-10',
      '06-10',
      '07-10',
    ]);
    expect(invoices.slice(1).map((invoice) => invoice.issuedAt)).toEqual([late, late, late, late]);
  });

  it('bills each period once when five run at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 6 }, () => subscribe({ items: [{ priceId: price.id }] })),
    );
    await Promise.all(Array.from({ length: 5 }, () => billAt(`${YEAR}-05-11T00:00:00.000Z`)));
    for (const { body } of made) {
      const starts = (await invoicesOf(body)).map((invoice) => invoice.lines[0].periodStart.slice(5, 10));
      expect(starts).toEqual(['03-10', '04-10', '05-10']);
    }
    const sequences = await inDatabase((ctx) =>
      ctx.db.invoice.findMany({ where: { sequence: { not: null } }, orderBy: { sequence: 'asc' } }),
    );
    expect(sequences.map((invoice) => Number(invoice.sequence))).toEqual(sequences.map((_, n) => n + 1));
  });

  it('does a part of what is very much, and leaves the rest to the due index alone', async () => {
    const subscription = expectStatus(await subscribe({ items: [{ priceId: price.id }] }), 201);
    const clock = stoppedClock(new Date(`${YEAR}-09-15T00:00:00.000Z`));
    await inDatabase((ctx) => runBilling({ ...ctx, clock }, { periodsMax: 1 }));
    const periods = await inDatabase((ctx) => ctx.db.billingPeriod.count());
    await inDatabase((ctx) => runBilling({ ...ctx, clock }, { periodsMax: 1 }));
    expect(await inDatabase((ctx) => ctx.db.billingPeriod.count())).toBeGreaterThan(periods);
    const { nextBillingAt } = expectStatus(await tenant.api.get(`/subscriptions/${subscription.id}`), 200);
    expect(Date.parse(nextBillingAt)).toBeLessThan(clock.now().getTime());
    await nova.app.get(TenantWrites, { strict: false }).settled();
    // A job of its own for the rest would stand beside the due index's, and each of the two would make two more.
    const queue = await queueOf(nova, 'billing');
    const jobs = await queue.getJobs(['prioritized', 'waiting']);
    expect(jobs.filter((job) => job.deduplicationId === undefined)).toEqual([]);
  });

  it('goes on past a subscription that cannot be billed, says why, and bills it once it can', async () => {
    const bad = expectStatus(await subscribe({ items: [{ priceId: price.id }] }), 201);
    const good = expectStatus(await subscribe({ items: [{ priceId: price.id }] }), 201);
    // What is broken by hand stands for a fault that nobody foresaw.
    const moveTo = (timeZone: string) =>
      inDatabase((ctx) =>
        ctx.transaction((tx) => tx.db.subscription.update({ where: { id: bad.id }, data: { timeZone } })),
      );
    await moveTo('Nowhere/Land');
    await billAt(`${YEAR}-04-10T00:00:00.000Z`);
    expect(await invoicesOf(good)).toHaveLength(2);
    expect(await invoicesOf(bad)).toHaveLength(1);
    const deferred = expectStatus(await tenant.api.get(`/subscriptions/${bad.id}`), 200);
    expect(deferred).toMatchObject({ status: 'active', nextBillingAt: `${YEAR}-04-10T00:01:00.000Z` });
    expect(deferred.billingError).toMatch(/unexpected/i);

    await moveTo('UTC');
    await billAt(`${YEAR}-04-10T00:02:00.000Z`);
    expect(await invoicesOf(bad)).toHaveLength(2);
    expect(expectStatus(await tenant.api.get(`/subscriptions/${bad.id}`), 200)).toMatchObject({
      billingError: null,
      currentPeriodStart: `${YEAR}-04-10T00:00:00.000Z`,
      nextBillingAt: `${YEAR}-05-10T00:00:00.000Z`,
    });
  });
});
