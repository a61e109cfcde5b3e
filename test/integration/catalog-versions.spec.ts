// The same on other servers: a catalogue is rows and rules; customers.spec.ts and invoices.spec.ts take such rows there.
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { readAllIds } from '../support/pages.js';
import { pointersOf } from '../support/problems.js';

let nova: Nova;
let tenant: TestTenant;
let api: Api;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  api = tenant.api;
  await makeMeter('calls', { aggregation: 'sum', property: 'n', groupBy: ['region'] });
  await makeMeter('seats-peak', { aggregation: 'max', property: 'seats' });
  await makeMeter('gone', { aggregation: 'count', archivedAt: new Date('2026-01-01T00:00:00Z') });
});

afterAll(() => nova.stop());

async function makeMeter(
  id: string,
  columns: { aggregation: string; property?: string; groupBy?: string[]; archivedAt?: Date },
): Promise<void> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  await contexts.run({ tenantId: tenant.tenantId, mode: 'test', actor, requestId: null }, (ctx) => {
    const now = ctx.clock.now();
    const names = { id: `meter-${id}`, externalId: id, name: id, eventName: id };
    return ctx.transaction((tx) =>
      tx.db.meter.create({ data: { ...names, ...columns, createdAt: now, updatedAt: now } }),
    );
  });
}

const invalid = { status: 400, code: 'invalid_request' };
const monthly = {
  currency: 'NGN',
  model: 'flat',
  type: 'recurring',
  unitAmount: '1500000',
  interval: 'month',
};
const calls = {
  name: 'Calls',
  currency: 'NGN',
  model: 'graduated',
  type: 'usage',
  interval: 'month',
  meterId: 'calls',
  terms: {
    tiers: [
      { upTo: '10000', unitAmount: '1' },
      { from: '10000', upTo: '100000', unitAmount: '0.80' },
      { upTo: null, unitAmount: '0.5' },
    ],
  },
};

const createPlan = async (input: object = {}) =>
  expectStatus(await api.post('/plans', { name: 'Team', ...input }), 201);
const refusedPrice = async (price: object) =>
  pointersOf(await api.post('/plans', { name: 'Bad', prices: [price] }), invalid).map((pointer) =>
    pointer.replace('/prices/0', ''),
  );

describe('what a price says', () => {
  it('comes back whole, every default stated', async () => {
    const bounds = { minimumAmount: 10_000, maximumAmount: 5_000_000, groupBy: ['region'] };
    const taxes = { taxCategory: 'telecoms', taxBehavior: 'inclusive', unit: 'call' };
    const { prices } = await createPlan({ prices: [{ ...calls, ...bounds, ...taxes }, monthly] });
    expect(prices[0]).toMatchObject({
      planVersion: 1,
      unitAmount: null,
      billing: 'in_arrears',
      optional: false,
      prorated: true,
      meterId: 'meter-calls',
      ...bounds,
      ...taxes,
      terms: {
        model: 'graduated',
        tiers: [
          { upTo: '10000', unitAmount: '1', flatAmount: '0' },
          { upTo: '100000', unitAmount: '0.8', flatAmount: '0' },
          { upTo: null, unitAmount: '0.5', flatAmount: '0' },
        ],
        billFlatAtZero: false,
        freeUnits: '0',
        conversion: null,
      },
    });
    expect(prices[1]).toMatchObject({
      unitAmount: '1500000',
      terms: { model: 'flat', amount: '1500000' },
      billing: 'in_advance',
      meterId: null,
      taxCategory: 'standard',
      taxBehavior: 'exclusive',
    });
  });

  it('may be terms where a unit amount would do, and half a year', async () => {
    const terms = { unitAmount: '250.50', freeUnits: '3' };
    const price = { ...monthly, model: 'per_unit', unitAmount: undefined, terms, interval: 'half_year' };
    const [made] = (await createPlan({ prices: [price] })).prices;
    expect(made).toMatchObject({ unitAmount: '250.5', interval: 'half_year', terms: { freeUnits: '3' } });
  });

  it('has to fit together, with a pointer to what does not', async () => {
    const tiers = (...list: object[]) => ({ ...calls, terms: { tiers: list } });
    const overlap = tiers({ upTo: '10', unitAmount: '1' }, { upTo: '5', unitAmount: '1' }, { upTo: null });
    expect(await refusedPrice(overlap)).toEqual(['/terms/tiers/2/unitAmount']);
    const one = { unitAmount: '1' };
    expect(
      await refusedPrice(tiers({ upTo: '10', ...one }, { upTo: '5', ...one }, { upTo: null, ...one })),
    ).toEqual(['/terms/tiers/1/upTo']);
    expect(await refusedPrice(tiers({ upTo: '10', ...one }, { from: '12', upTo: null, ...one }))).toEqual([
      '/terms/tiers/1/from',
    ]);
    expect(await refusedPrice(tiers({ upTo: null, unitAmount: '-1' }))).toEqual([
      '/terms/tiers/0/unitAmount',
    ]);
    expect(await refusedPrice({ ...calls, model: 'percentage', terms: { rate: '100.5' } })).toEqual([
      '/terms/rate',
    ]);
    expect(await refusedPrice({ ...calls, terms: { ...calls.terms, model: 'volume' } })).toEqual([
      '/terms/model',
    ]);
    expect(await refusedPrice({ ...monthly, model: 'volume' })).toEqual(['/terms', '/unitAmount']);
    expect(await refusedPrice({ ...calls, meterId: undefined, billing: 'in_advance' })).toEqual([
      '/billing',
      '/meterId',
    ]);
    expect(await refusedPrice({ ...monthly, meterId: 'calls', minimumAmount: 5 })).toEqual([
      '/meterId',
      '/minimumAmount',
    ]);
    expect(await refusedPrice({ ...calls, minimumAmount: 6, maximumAmount: 5 })).toEqual(['/minimumAmount']);
  });

  it('names a meter that can count it', async () => {
    expect(await refusedPrice({ ...calls, meterId: 'nothing' })).toEqual(['/meterId']);
    expect(await refusedPrice({ ...calls, meterId: 'gone' })).toEqual(['/meterId']);
    expect(await refusedPrice({ ...calls, groupBy: ['region', 'colour'] })).toEqual(['/groupBy/1']);
    const capacity = {
      ...calls,
      model: 'capacity',
      terms: {
        tiers: [
          { limits: { seats: '10' }, amount: '1000' },
          { limits: {}, amount: '5000' },
        ],
      },
    };
    expect(await refusedPrice(capacity)).toEqual(['/meterId']);
    await createPlan({ prices: [{ ...capacity, meterId: 'seats-peak' }] });
  });
});

describe('versions of a plan', () => {
  it('go to new subscriptions, and leave what was sold', async () => {
    const plan = await createPlan({
      prices: [{ ...monthly, externalId: 'team-2026', metadata: { a: '1' } }, calls],
      commitments: [{ currency: 'NGN', amount: 2_000_000 }],
      trialDays: 14,
    });
    expect(plan).toMatchObject({ kind: 'base', currentVersion: 1, trialDays: 14 });
    const path = `/plans/${plan.id}`;
    const second = expectStatus(await api.post(`${path}/versions`, { description: 'As before.' }), 201);
    expect(second).toMatchObject({
      object: 'plan_version',
      number: 2,
      current: true,
      description: 'As before.',
      trialDays: 14,
      commitments: [{ currency: 'NGN', amount: 2_000_000 }],
    });
    expect(second.prices.map((price: { terms: object }) => price.terms)).toEqual(
      plan.prices.map((price: { terms: object }) => price.terms),
    );
    expect(second.prices[0]).toMatchObject({ externalId: null, planVersion: 2, metadata: { a: '1' } });
    expect(second.prices[0].id).not.toBe(plan.prices[0].id);

    const prices = [{ ...monthly, unitAmount: '1800000' }];
    expectStatus(await api.post(`${path}/versions`, { prices, trialDays: 0 }), 201);
    const now = expectStatus(await api.get(path), 200);
    expect(now).toMatchObject({ currentVersion: 3, trialDays: 0, version: 3 });
    expect(now.prices.map((price: { unitAmount: string }) => price.unitAmount)).toEqual(['1800000']);

    const versions = expectStatus(await api.get(`${path}/versions?limit=2`), 200);
    expect(versions.data.map((one: { number: number }) => one.number)).toEqual([3, 2]);
    const rest = await api.get(`${path}/versions?limit=2&cursor=${encodeURIComponent(versions.nextCursor)}`);
    expect(expectStatus(rest, 200).data).toMatchObject([{ number: 1, current: false }]);
    expect(await readAllIds(api, `${path}/prices?version=1&sort=createdAt`)).toEqual(
      plan.prices.map((price: { id: string }) => price.id),
    );
    expect(pointersOf(await api.get(`${path}/prices?version=0`), invalid)).toEqual(['?version']);
  });

  it('get different numbers when they are published at once', async () => {
    const plan = await createPlan({ prices: [monthly] });
    const published = await Promise.all(
      Array.from({ length: 4 }, () => api.post(`/plans/${plan.id}/versions`, {})),
    );
    const numbers = published.map((response) => expectStatus(response, 201).number as number);
    expect(numbers.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5]);
  });

  it('commit in currencies that prices have', async () => {
    const commitments = [{ currency: 'KES', amount: 5 }];
    const pointer = ['/commitments/0/currency'];
    expect(
      pointersOf(await api.post('/plans', { name: 'A', prices: [monthly], commitments }), invalid),
    ).toEqual(pointer);
    const plan = await createPlan({
      prices: [monthly],
      commitments: [{ currency: 'NGN', amount: 5 }],
    });
    const prices = [{ ...monthly, currency: 'KES' }];
    const path = `/plans/${plan.id}/versions`;
    expect(pointersOf(await api.post(path, { prices }), invalid)).toEqual(pointer);
    expect(expectStatus(await api.get(`/plans/${plan.id}`), 200).currentVersion).toBe(1);
    expectStatus(await api.post(path, { prices, commitments: [] }), 201);
    expectStatus(await api.delete(`/plans/${plan.id}`), 204);
  });
});

describe('subscribing', () => {
  const subscribe = async (planId: string, items?: object[]) => {
    const customer = expectStatus(await api.post('/customers', { name: 'A', currency: 'NGN' }), 201);
    const body = { customerId: customer.id, planId, collectionMethod: 'send_invoice' };
    return api.post('/subscriptions', items ? { ...body, items } : body);
  };
  const priceIds = (subscription: { items: { priceId: string }[] }) =>
    subscription.items.map(({ priceId }) => priceId);

  it('takes the current version, without what is optional', async () => {
    const extra = { ...monthly, optional: true, name: 'Extra' };
    const plan = await createPlan({ prices: [monthly] });
    const { prices } = expectStatus(
      await api.post(`/plans/${plan.id}/versions`, { prices: [monthly, extra] }),
      201,
    );
    expect(priceIds(expectStatus(await subscribe(plan.id), 201))).toEqual([prices[0].id]);
    const old = await subscribe(plan.id, [{ priceId: plan.prices[0].id }]);
    expect(expectStatus(old, 404).errors[0].pointer).toBe('/items/0/priceId');
  });

  it('is set up once for each plan, by what is billed once and is not optional', async () => {
    const fee = (unitAmount: string, more: object) => ({
      currency: 'NGN',
      model: 'flat',
      type: 'one_time',
      unitAmount,
      ...more,
    });
    const setUp = fee('250000', { name: 'Set-up', optional: false });
    const plan = await createPlan({ prices: [monthly, setUp, fee('1', { name: 'Training' })] });
    expect(plan.prices.map(({ optional }: { optional: boolean }) => optional)).toEqual([false, false, true]);
    const subscription = expectStatus(await subscribe(plan.id), 201);
    const [base, once] = plan.prices;
    expect(priceIds(subscription)).toEqual([base.id, once.id]);
    const lines = async () => {
      const { data } = expectStatus(
        await api.get(`/invoices?subscription=${subscription.id}&sort=createdAt`),
        200,
      );
      return data.map((invoice: { lines: { amount: number }[] }) =>
        invoice.lines.map(({ amount }) => amount),
      );
    };
    expect(await lines()).toEqual([[1_500_000, 250_000]]);

    const path = `/subscriptions/${subscription.id}/change`;
    expectStatus(await api.post(`/plans/${plan.id}/versions`, {}), 201);
    const later = expectStatus(await api.post(path, { version: 2 }), 200);
    expect(later.items).toHaveLength(1);
    expect((await lines()).flat()).not.toContain(500_000);
    expect((await lines()).flat().filter((amount: number) => amount === 250_000)).toHaveLength(1);

    const other = await createPlan({ prices: [monthly, { ...setUp, unitAmount: '100000' }] });
    expectStatus(await api.post(path, { planId: other.id }), 200);
    expect((await lines()).flat().filter((amount: number) => amount === 100_000)).toHaveLength(1);
  });

  it('takes prices of add-ons beside those of the plan, and no add-on alone', async () => {
    const plan = await createPlan({ prices: [monthly] });
    const addOn = await createPlan({ kind: 'add_on', prices: [{ ...monthly, name: 'Support' }] });
    const items = [{ priceId: plan.prices[0].id }, { priceId: addOn.prices[0].id }];
    expect(priceIds(expectStatus(await subscribe(plan.id, items), 201))).toEqual(
      items.map(({ priceId }) => priceId),
    );
    expect(expectStatus(await subscribe(addOn.id), 400).errors[0].pointer).toBe('/planId');
    expect(expectStatus(await api.delete(`/plans/${addOn.id}`), 409).code).toBe('plan_in_use');
    expect(await readAllIds(api, '/plans?kind=add_on')).toEqual([addOn.id]);
  });
});
