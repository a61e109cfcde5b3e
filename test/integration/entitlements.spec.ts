// The same on other servers: they are read and counted by single statements, as customers and subscriptions are there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { createMonthlyPlan } from '../support/billing-world.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let api: Api;
let serial = 0;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  acme = await nova.tenant({ timeZone: 'Africa/Lagos' });
  ({ api } = acme);
});

afterAll(() => nova.stop());

const unique = () => `${(serial += 1)}`;
const made = async (path: string, body: unknown) => expectStatus(await api.post(path, body), 201);
const customer = (changes: object = {}) => made('/customers', { name: 'Zuri', currency: 'NGN', ...changes });

/** A feature of a code of its own. */
const feature = (kind: string, code = `${kind}_${unique()}`) =>
  made('/features', { code, name: `The ${code}`, kind });

/** A monthly plan that grants these, and a customer who has it. */
async function granted(features: object[]): Promise<{ customerId: string; planId: string; priceId: string }> {
  const { plan, price } = await createMonthlyPlan(api, unique());
  expectStatus(await api.request('PUT', `/plans/${plan.id}/features`, { features }), 200);
  const { id: customerId } = await customer();
  await subscribe(customerId, plan.id);
  return { customerId, planId: plan.id, priceId: price.id };
}

const subscribe = (customerId: string, planId: string, changes: object = {}) =>
  made('/subscriptions', { customerId, planId, collectionMethod: 'send_invoice', ...changes });
const check = async (customerId: string, code: string, quantity: string | number = 1) =>
  expectStatus(await api.post('/entitlements/check', { customerId, feature: code, quantity }), 200);
const consume = async (customerId: string, code: string, changes: object = {}) =>
  expectStatus(
    await api.post('/entitlements/consume', {
      customerId,
      feature: code,
      transactionId: `use-${unique()}`,
      ...changes,
    }),
    200,
  );
const held = async (customerId: string, code: string) => {
  const list = expectStatus(await api.get(`/customers/${customerId}/entitlements`), 200);
  return list.data.find((one: { feature: string }) => one.feature === code);
};

describe('features', () => {
  it('are made, found by id, code and external id, changed and deleted', async () => {
    const made1 = await made('/features', {
      code: 'export_pdf',
      name: 'Export as PDF',
      kind: 'switch',
      externalId: 'their-export',
    });
    for (const reference of [made1.id, 'export_pdf', 'their-export']) {
      expect(expectStatus(await api.get(`/features/${reference}`), 200).id).toBe(made1.id);
    }
    const changed = expectStatus(await api.patch('/features/export_pdf', { archived: true }), 200);
    expect(changed).toMatchObject({ code: 'export_pdf', version: 2, archivedAt: expect.any(String) });
    expectStatus(await api.delete(`/features/${made1.id}`), 204);
    expectStatus(await api.get('/features/export_pdf'), 404);
  });

  it('have a code of their own, and what fits their kind', async () => {
    const { code } = await feature('limit');
    const taken = expectStatus(await api.post('/features', { code, name: 'Another', kind: 'quota' }), 409);
    expect(taken).toMatchObject({ code: 'feature_code_taken', errors: [{ pointer: '/code' }] });
    for (const [body, pointer] of [
      [{ code: 'Export', name: 'x', kind: 'switch' }, '/code'],
      [{ code: 'feat_1', name: 'x', kind: 'switch' }, '/code'],
      [{ code: 'x', name: 'x', kind: 'limit', meterId: 'm' }, '/meterId'],
      [{ code: 'x', name: 'x', kind: 'switch', unit: 'GB' }, '/unit'],
    ] as const) {
      expect(expectStatus(await api.post('/features', body), 400).errors[0].pointer).toBe(pointer);
    }
    const noMeter = await api.post('/features', { code: 'x', name: 'x', kind: 'quota', meterId: 'none' });
    expect(expectStatus(noMeter, 404).errors[0].pointer).toBe('/meterId');
  });

  it('cannot be deleted while a plan grants them, nor granted once archived', async () => {
    const { code } = await feature('switch');
    const { planId } = await granted([{ feature: code }]);
    expect(expectStatus(await api.delete(`/features/${code}`), 409).code).toBe('feature_in_use');
    expectStatus(await api.patch(`/features/${code}`, { archived: true }), 200);
    // The plan that has it keeps it.
    const again = await api.request('PUT', `/plans/${planId}/features`, { features: [{ feature: code }] });
    expectStatus(again, 200);
    const { plan } = await createMonthlyPlan(api, unique());
    const other = await api.request('PUT', `/plans/${plan.id}/features`, { features: [{ feature: code }] });
    expect(expectStatus(other, 409)).toMatchObject({
      code: 'feature_archived',
      errors: [{ pointer: '/features/0/feature' }],
    });
  });
});

describe('what a plan grants', () => {
  it('is replaced as a whole, under its ETag', async () => {
    const [pdf, seats] = [await feature('switch'), await feature('limit')];
    const { plan } = await createMonthlyPlan(api, unique());
    const path = `/plans/${plan.id}/features`;
    const first = expectStatus(
      await api.request('PUT', path, {
        features: [{ feature: pdf.code }, { feature: seats.id, amount: '5' }],
      }),
      200,
    );
    expect(first.features.map((one: { amount: string | null }) => one.amount)).toEqual(['5', null]);
    const stale = await api.request('PUT', path, { features: [] }, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    const second = await api.request('PUT', path, { features: [] }, { 'if-match': `"${first.version}"` });
    expect(expectStatus(second, 200).features).toEqual([]);
    expect(expectStatus(await api.get(path), 200)).toMatchObject({ planVersion: 1, features: [] });
  });

  it.each([
    ['an amount on a switch', 'switch', { amount: '1' }, '/features/0/amount'],
    ['no amount on a limit', 'limit', {}, '/features/0/amount'],
    ['a reset on a limit', 'limit', { amount: '1', reset: 'day' }, '/features/0/reset'],
    ['an amount below zero', 'quota', { amount: '-1' }, '/features/0/amount'],
    ['an amount beyond everything', 'quota', { amount: `1${'0'.repeat(15)}` }, '/features/0/amount'],
  ])('refuses %s', async (_, kind, grant, pointer) => {
    const { code } = await feature(kind);
    const { plan } = await createMonthlyPlan(api, unique());
    const features = [{ feature: code, ...grant }];
    const refused = await api.request('PUT', `/plans/${plan.id}/features`, { features });
    expect(expectStatus(refused, 400).errors[0].pointer).toBe(pointer);
  });
});

describe('what a customer has', () => {
  it('adds up over subscriptions and quantities, and an override says it all', async () => {
    const [pdf, seats] = [(await feature('switch')).code, (await feature('limit')).code];
    const { customerId, planId, priceId } = await granted([
      { feature: pdf },
      { feature: seats, amount: '10' },
    ]);
    expect(await held(customerId, pdf)).toMatchObject({ enabled: true, limit: null, source: 'plan' });
    expect(await held(customerId, seats)).toMatchObject({ limit: '10', used: '0', remaining: '10' });
    await subscribe(customerId, planId, { items: [{ priceId, quantity: '3' }] });
    expect(await held(customerId, seats)).toMatchObject({ limit: '40' });

    const path = `/customers/${customerId}/feature-overrides/${seats}`;
    expectStatus(await api.request('PUT', path, { amount: null }), 200);
    expect(await held(customerId, seats)).toMatchObject({ limit: null, remaining: null, source: 'override' });
    expect(await check(customerId, seats, 1_000_000)).toMatchObject({ allowed: true, limit: null });
    expectStatus(await api.delete(path), 204);
    expectStatus(await api.delete(path), 404);
    expect(await held(customerId, seats)).toMatchObject({ limit: '40', source: 'plan' });
  });

  it('ends with the subscription, and with the day an override ends', async () => {
    const seats = (await feature('limit')).code;
    const { customerId } = await granted([{ feature: seats, amount: '2' }]);
    const [subscription] = expectStatus(await api.get(`/customers/${customerId}/subscriptions`), 200).data;
    expectStatus(await api.post(`/subscriptions/${subscription.id}/cancel`, { timing: 'immediate' }), 200);
    expect(await check(customerId, seats)).toMatchObject({
      allowed: false,
      reason: 'not_entitled',
      limit: '0',
    });

    const other = await nova.tenant();
    const { id } = expectStatus(await other.api.post('/customers', { name: 'Zuri' }), 201);
    expectStatus(await other.api.post('/features', { code: 'pdf', name: 'PDF', kind: 'switch' }), 201);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const path = `/customers/${id}/feature-overrides/pdf`;
    expectStatus(await other.api.request('PUT', path, { expiresAt }), 200);
    const ask = async () =>
      expectStatus(await other.api.post('/entitlements/check', { customerId: id, feature: 'pdf' }), 200);
    expect(await ask()).toMatchObject({ allowed: true });
    expectStatus(await other.api.post('/test-clock/advance', { days: 2 }), 200);
    expect(await ask()).toMatchObject({ allowed: false, reason: 'not_entitled' });
    const past = await other.api.request('PUT', path, { expiresAt });
    expect(expectStatus(past, 400).errors[0].pointer).toBe('/expiresAt');
  });

  it('is unknown of customers and features that are not there', async () => {
    const { id } = await customer();
    const unknown = await api.post('/entitlements/check', { customerId: id, feature: 'nothing' });
    expect(expectStatus(unknown, 404).errors[0].pointer).toBe('/feature');
    const nobody = await api.post('/entitlements/check', { customerId: 'nobody', feature: 'nothing' });
    expect(expectStatus(nobody, 404).errors[0].pointer).toBe('/customerId');
  });
});

describe('consuming', () => {
  it('gives 200 who ask at once exactly the 100 that there are', async () => {
    const { code } = await feature('quota');
    const { customerId } = await granted([{ feature: code, amount: '100' }]);
    // Whoever is told that the database is busy asks again, as clients do, under the same transactionId.
    const insist = async (transactionId: string) => {
      const body = { customerId, feature: code, transactionId };
      for (;;) {
        const answer = await api.post('/entitlements/consume', body);
        if (answer.status !== 503) return expectStatus(answer, 200);
      }
    };
    const ids = Array.from({ length: 200 }, () => `at-once-${unique()}`);
    const answers = await Promise.all(ids.map(insist));
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(100);
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set([null, 'limit_reached']));
    expect(await check(customerId, code)).toMatchObject({ allowed: false, used: '100', remaining: '0' });
  });

  it('counts a transactionId once, for ever, and frees it when it was refused', async () => {
    const { code } = await feature('quota');
    const { customerId } = await granted([{ feature: code, amount: '10' }]);
    const transactionId = `sms-${unique()}`;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => consume(customerId, code, { transactionId, quantity: '4' })),
    );
    expect(answers.filter(({ repeated }) => repeated)).toHaveLength(4);
    expect(answers.every(({ allowed, used }) => allowed && used === '4')).toBe(true);
    const another = { customerId, feature: code, transactionId, quantity: '5' };
    expect(expectStatus(await api.post('/entitlements/consume', another), 409).code).toBe(
      'transaction_reused',
    );

    const late = `sms-${unique()}`;
    expect(await consume(customerId, code, { transactionId: late, quantity: '7' })).toMatchObject({
      allowed: false,
      used: '4',
    });
    expect(await consume(customerId, code, { transactionId: late, quantity: '6' })).toMatchObject({
      allowed: true,
      remaining: '0',
    });
  });

  it('gives back what is released, and no more than is in use', async () => {
    const { code } = await feature('limit');
    const { customerId } = await granted([{ feature: code, amount: '2' }]);
    await consume(customerId, code, { quantity: '2' });
    expect(await consume(customerId, code)).toMatchObject({ allowed: false, reason: 'limit_reached' });
    const release = (transactionId: string, quantity: string) =>
      api.post('/entitlements/release', { customerId, feature: code, transactionId, quantity });
    const id = `free-${unique()}`;
    expect(expectStatus(await release(id, '1.5'), 200)).toMatchObject({ used: '0.5', repeated: false });
    expect(expectStatus(await release(id, '1.5'), 200)).toMatchObject({ used: '0.5', repeated: true });
    expect(expectStatus(await release(`free-${unique()}`, '1'), 409).code).toBe('nothing_to_release');
    expect(await consume(customerId, code)).toMatchObject({ allowed: true, used: '1.5' });
  });

  it('begins anew with the window, in the customer’s time zone', async () => {
    const tenant = await nova.tenant({ timeZone: 'Africa/Nairobi' });
    const post = async (path: string, body: unknown) => expectStatus(await tenant.api.post(path, body), 201);
    await post('/features', { code: 'prompts', name: 'Prompts', kind: 'quota' });
    const { plan } = await createMonthlyPlan(tenant.api, 'window');
    const features = [{ feature: 'prompts', amount: '3', reset: 'day' }];
    expectStatus(await tenant.api.request('PUT', `/plans/${plan.id}/features`, { features }), 200);
    const { id: customerId } = await post('/customers', { name: 'Zuri', currency: 'NGN' });
    await post('/subscriptions', { customerId, planId: plan.id });
    const use = async (transactionId: string) =>
      expectStatus(
        await tenant.api.post('/entitlements/consume', {
          customerId,
          feature: 'prompts',
          quantity: '2',
          transactionId,
        }),
        200,
      );
    const first = await use('a');
    expect(first).toMatchObject({ allowed: true, resetsAt: expect.stringMatching(/T21:00:00\.000Z$/) });
    expect((await use('b')).allowed).toBe(false);
    expectStatus(await tenant.api.post('/test-clock/advance', { to: first.resetsAt }), 200);
    expect(await use('b')).toMatchObject({ allowed: true, used: '2' });
  });

  it('is not for switches', async () => {
    const { code } = await feature('switch');
    const { customerId } = await granted([{ feature: code }]);
    expect(await check(customerId, code)).toMatchObject({ allowed: true });
    const body = { customerId, feature: code, transactionId: 'x' };
    expect(expectStatus(await api.post('/entitlements/consume', body), 409).code).toBe('not_consumable');
  });
});
