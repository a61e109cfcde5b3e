// The same on other servers: a catalogue is rows and rules; customers.spec.ts and invoices.spec.ts take such rows there.
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api, type ApiResponse } from '../support/api.js';
import { eventually } from '../support/eventually.js';
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
});

afterAll(() => nova.stop());

function inDatabase<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  return contexts.run({ tenantId: tenant.tenantId, mode: 'test', actor, requestId: null }, work);
}

const monthly = {
  currency: 'NGN',
  model: 'flat',
  type: 'recurring',
  unitAmount: '1500000',
  interval: 'month',
};
const seat = { ...monthly, model: 'per_unit', unitAmount: '0.80', name: 'Seat' };
const setup = { currency: 'NGN', model: 'flat', type: 'one_time', unitAmount: '500000.0' };
const invalid = { status: 400, code: 'invalid_request' };
const taken = { status: 409, code: 'external_id_taken' };

const createPlan = async (input: object = {}) =>
  expectStatus(await api.post('/plans', { name: 'Team', ...input }), 201);
const createPrice = async (planId: string, input: object = {}) =>
  expectStatus(await api.post(`/plans/${planId}/prices`, { ...monthly, ...input }), 201);
const newCustomer = async () =>
  expectStatus(await api.post('/customers', { name: 'Subscriber', currency: 'NGN' }), 201).id as string;
const subscribe = async (planId: string, customerId?: string) =>
  api.post('/subscriptions', {
    customerId: customerId ?? (await newCustomer()),
    planId,
    collectionMethod: 'send_invoice',
  });

describe('creating a plan', () => {
  it('makes its prices with it, in the order they were given', async () => {
    const plan = await createPlan({
      externalId: 'team',
      description: 'For teams.\nUp to twenty.',
      prices: [{ ...monthly, externalId: 'team-base' }, { ...seat, intervalCount: 3 }, setup],
      metadata: { tier: '2' },
    });
    expect(plan).toMatchObject({
      object: 'plan',
      id: expect.stringMatching(/^plan_[0-9a-z]{26}$/),
      externalId: 'team',
      name: 'Team',
      description: 'For teams.\nUp to twenty.',
      active: true,
      metadata: { tier: '2' },
      version: 1,
    });
    const common = {
      object: 'price',
      planId: plan.id,
      currency: 'NGN',
      active: true,
      metadata: {},
      version: 1,
    };
    expect(plan.prices).toMatchObject([
      {
        ...common,
        externalId: 'team-base',
        name: null,
        unitAmount: '1500000',
        interval: 'month',
        intervalCount: 1,
      },
      { ...common, externalId: null, name: 'Seat', model: 'per_unit', unitAmount: '0.8', intervalCount: 3 },
      { ...common, type: 'one_time', unitAmount: '500000', interval: null, intervalCount: null },
    ]);
    expect(expectStatus(await api.get('/plans/team'), 200)).toEqual(plan);
    expect(expectStatus(await api.get('/plans/team/prices/team-base'), 200)).toEqual(plan.prices[0]);
    expect(await readAllIds(api, '/plans?externalId=team')).toEqual([plan.id]);
  });

  it('keeps a unit amount to its last digit', async () => {
    const unitAmount = '999999999999999.000000000001';
    const plan = await createPlan({ prices: [{ ...seat, unitAmount }] });
    expect(plan.prices[0].unitAmount).toBe(unitAmount);
    expect(expectStatus(await api.get(`/plans/${plan.id}`), 200).prices[0].unitAmount).toBe(unitAmount);
  });

  it('points at everything that is wrong, down into the prices', async () => {
    const response = await api.post('/plans', {
      name: '',
      externalId: 'plan_x',
      prices: [
        { ...monthly, interval: undefined },
        { ...setup, interval: 'month', intervalCount: 1 },
        { ...monthly, interval: 'year', intervalCount: 11 },
        { ...monthly, unitAmount: 1500, currency: 'JPY', model: 'tiered' },
        { ...monthly, amount: '1' },
      ],
      price: '10',
    });
    expect(pointersOf(response, invalid)).toEqual([
      '/externalId',
      '/name',
      '/price',
      '/prices/0/interval',
      '/prices/1/interval',
      '/prices/1/intervalCount',
      '/prices/2/intervalCount',
      '/prices/3/currency',
      '/prices/3/model',
      '/prices/3/unitAmount',
      '/prices/4/amount',
    ]);
  });

  it('makes nothing when an external id is taken, and points at it', async () => {
    await createPlan({ externalId: 'taken', prices: [{ ...monthly, externalId: 'taken-price' }] });
    const before = await readAllIds(api, '/plans?limit=100');
    expect(pointersOf(await api.post('/plans', { name: 'B', externalId: 'taken' }), taken)).toEqual([
      '/externalId',
    ]);
    const prices = [
      { ...monthly, externalId: 'free' },
      { ...monthly, externalId: 'taken-price' },
    ];
    expect(pointersOf(await api.post('/plans', { name: 'B', prices }), taken)).toEqual([
      '/prices/1/externalId',
    ]);
    const twice = [
      { ...monthly, externalId: 'free' },
      { ...setup, externalId: 'free' },
    ];
    expect(pointersOf(await api.post('/plans', { name: 'B', prices: twice }), taken)).toEqual([
      '/prices/1/externalId',
    ]);
    expect(await readAllIds(api, '/plans?limit=100')).toEqual(before);
  });
});

describe('reading plans', () => {
  it.each(['plan_01ke4v7m2qf7ct3xv0ab9d8h6r', 'nothing'])('knows no %s', async (id) => {
    expectStatus(await api.get(`/plans/${id}`), 404);
    expectStatus(await api.patch(`/plans/${id}`, { name: 'B' }), 404);
    expectStatus(await api.delete(`/plans/${id}`), 404);
    expectStatus(await api.get(`/plans/${id}/prices`), 404);
    expectStatus(await api.post(`/plans/${id}/prices`, monthly), 404);
    expectStatus(await api.get(`/plans/${id}/prices/${id}`), 404);
  });

  it('hides them and their prices from another tenant', async () => {
    const plan = await createPlan({ externalId: 'secret', prices: [monthly] });
    const other = (await nova.tenant()).api;
    for (const id of [plan.id, 'secret']) {
      expectStatus(await other.get(`/plans/${id}`), 404);
      expectStatus(await other.get(`/plans/${id}/prices`), 404);
      expectStatus(await other.patch(`/plans/${id}/prices/${plan.prices[0].id}`, { active: false }), 404);
      expectStatus(await other.delete(`/plans/${id}`), 404);
    }
    expect(expectStatus(await other.get('/plans'), 200).data).toEqual([]);
  });

  it('filters those that are offered, and pages while others are made', async () => {
    const own = (await nova.tenant()).api;
    const make = async () =>
      expectStatus(await own.post('/plans', { name: 'A', prices: [monthly] }), 201).id as string;
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.push(await make());
    expectStatus(await own.patch(`/plans/${made[3]}`, { active: false }), 200);
    const seen = await readAllIds(own, '/plans?limit=2', make);
    expect(seen).toEqual(made.toReversed());
    expect(await readAllIds(own, '/plans?active=false')).toEqual([made[3]]);
    expect(await readAllIds(own, '/plans?active=true')).not.toContain(made[3]);
    expect(pointersOf(await own.get('/plans?active=yes'), invalid)).toEqual(['?active']);
  });
});

describe('changing a plan', () => {
  it('merges, and archives it for new subscriptions only', async () => {
    const plan = await createPlan({ prices: [monthly], description: 'Old', metadata: { a: '1', b: '2' } });
    const subscription = expectStatus(await subscribe(plan.id), 201);
    const changed = expectStatus(
      await api.patch(`/plans/${plan.id}`, {
        active: false,
        description: null,
        metadata: { a: null, c: '3' },
      }),
      200,
    );
    expect(changed).toEqual({
      ...plan,
      active: false,
      description: null,
      metadata: { b: '2', c: '3' },
      version: 2,
      updatedAt: changed.updatedAt,
    });
    expect(expectStatus(await subscribe(plan.id), 409).code).toBe('not_offered');
    expect(expectStatus(await api.get(`/subscriptions/${subscription.id}`), 200).status).toBe('active');
  });

  it('lets one of those win who change the same version at once', async () => {
    const { id } = await createPlan();
    const changes = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        api.patch(`/plans/${id}`, { name: `N${n}` }, { 'if-match': '"1"' }),
      ),
    );
    expect(changes.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 412, 412, 412]);
    expectStatus(await api.delete(`/plans/${id}`, { 'if-match': '"1"' }), 412);
  });

  it('refuses unknown keys, prices among them, and a taken external id', async () => {
    await createPlan({ externalId: 'one' });
    const { id } = await createPlan();
    expect(pointersOf(await api.patch(`/plans/${id}`, { prices: [], currency: 'NGN' }), invalid)).toEqual([
      '/currency',
      '/prices',
    ]);
    expect(pointersOf(await api.patch(`/plans/${id}`, { externalId: 'one' }), taken)).toEqual([
      '/externalId',
    ]);
  });
});

describe('prices', () => {
  it('are added, listed and read by either id', async () => {
    const plan = await createPlan({ externalId: 'listed' });
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push((await createPrice('listed', { externalId: `listed-${n}` })).id);
    expect(await readAllIds(api, '/plans/listed/prices?limit=2&sort=createdAt')).toEqual(made);
    expect(expectStatus(await api.get('/plans/listed/prices/listed-2'), 200).id).toBe(made[2]);
    expectStatus(await api.patch(`/plans/${plan.id}/prices/listed-2`, { active: false }), 200);
    expect(await readAllIds(api, '/plans/listed/prices?active=false')).toEqual([made[2]]);
    const again = await api.post('/plans/listed/prices', { ...monthly, externalId: 'listed-0' });
    expect(pointersOf(again, taken)).toEqual(['/externalId']);
  });

  it('belong to one plan', async () => {
    const [plan, other] = [await createPlan({ prices: [monthly] }), await createPlan()];
    expectStatus(await api.get(`/plans/${other.id}/prices/${plan.prices[0].id}`), 404);
    expectStatus(await api.patch(`/plans/${other.id}/prices/${plan.prices[0].id}`, { active: false }), 404);
  });

  it('change in name, metadata and being offered, and in nothing else', async () => {
    const plan = await createPlan({ prices: [{ ...seat, metadata: { a: '1' } }] });
    const [price] = plan.prices;
    const path = `/plans/${plan.id}/prices/${price.id}`;
    const changed = expectStatus(
      await api.patch(path, { name: null, active: false, metadata: { b: '2' } }, { 'if-match': '"1"' }),
      200,
    );
    expect(changed).toEqual({
      ...price,
      name: null,
      active: false,
      metadata: { a: '1', b: '2' },
      version: 2,
      updatedAt: changed.updatedAt,
    });
    expectStatus(await api.patch(path, { name: 'Late' }, { 'if-match': '"1"' }), 412);
    const frozen = { unitAmount: '1', currency: 'KES', interval: 'year', model: 'flat', type: 'one_time' };
    expect(pointersOf(await api.patch(path, frozen), invalid)).toEqual([
      '/currency',
      '/interval',
      '/model',
      '/type',
      '/unitAmount',
    ]);
  });

  it('are at most a hundred a plan', async () => {
    const { id } = await createPlan({ prices: Array.from({ length: 100 }, () => monthly) });
    expect(expectStatus(await api.post(`/plans/${id}/prices`, monthly), 409).code).toBe('plan_full');
    const tooMany = await api.post('/plans', {
      name: 'A',
      prices: Array.from({ length: 101 }, () => monthly),
    });
    expect(pointersOf(tooMany, invalid)).toEqual(['/prices']);
  });
});

describe('deleting a plan', () => {
  it('takes its prices along when nothing was sold with it', async () => {
    const plan = await createPlan({
      externalId: 'unused',
      prices: [{ ...monthly, externalId: 'unused-price' }],
    });
    expectStatus(await api.delete('/plans/unused'), 204);
    expectStatus(await api.get(`/plans/${plan.id}`), 404);
    await createPlan({ externalId: 'unused', prices: [{ ...monthly, externalId: 'unused-price' }] });
  });

  it('is refused when a subscription, even one that ended, refers to it', async () => {
    const plan = await createPlan({ prices: [monthly] });
    const { id } = expectStatus(await subscribe(plan.id), 201);
    expectStatus(await api.post(`/subscriptions/${id}/cancel`, { timing: 'immediate' }), 200);
    expect(expectStatus(await api.delete(`/plans/${plan.id}`), 409)).toMatchObject({
      code: 'plan_in_use',
      detail: expect.stringContaining(id),
    });
  });

  it('is refused when a line of an invoice refers to one of its prices', async () => {
    const plan = await createPlan({ prices: [setup] });
    const customer = expectStatus(await api.post('/customers', { name: 'A' }), 201);
    const draft = { customerId: customer.id, lines: [{ priceId: plan.prices[0].id }] };
    const invoice = expectStatus(await api.post('/invoices', draft), 201);
    expect(expectStatus(await api.delete(`/plans/${plan.id}`), 409).detail).toContain(invoice.id);
    expectStatus(await api.delete(`/invoices/${invoice.id}`), 204);
    expectStatus(await api.delete(`/plans/${plan.id}`), 204);
  });

  it('and subscribing to it at once never both succeed', async () => {
    for (let n = 0; n < 5; n++) {
      const { id } = await createPlan({ prices: [monthly] });
      const customerId = await newCustomer();
      const [subscribed, deleted] = await Promise.all([
        subscribe(id, customerId),
        api.delete(`/plans/${id}`),
      ]);
      expect([
        [201, 409],
        [404, 204],
      ]).toContainEqual([subscribed.status, deleted.status]);
    }
  });

  it('and billing one of its prices at once is a conflict of the two', async () => {
    const { id, prices } = await createPlan({ prices: [setup] });
    const customerId = await newCustomer();
    let billed: Promise<ApiResponse> | null = null;
    await inDatabase((ctx) =>
      ctx.transaction(async (tx) => {
        await tx.db.price.deleteMany({ where: { planId: id } });
        // Reads the price, which is there still, and then waits for what becomes of it.
        billed = api.post('/invoices', { customerId, lines: [{ priceId: prices[0].id }] });
        await eventually(async () => {
          const waiting = await tx.db.$queryRaw<object[]>`
            SELECT pid FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid`;
          expect(waiting).toHaveLength(1);
        });
      }),
    );
    expect((await billed!).body).toMatchObject({ status: 409, code: 'conflict' });
  });
});
