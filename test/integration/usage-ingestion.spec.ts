import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { connectTo, tenantDatabaseUrl } from '../support/tenant-database.js';

let nova: Nova;
let tenant: TestTenant;
let client: pg.Client;
let serial = 0;
let customerId: string;

const DAY_MS = 86_400_000;
const unique = (): string => `t-${(serial += 1)}`;
const call = (more: Record<string, unknown> = {}) => ({
  transactionId: unique(),
  customerId: 'shop-1',
  eventName: 'api_calls',
  properties: { quantity: 5 },
  ...more,
});
const batch = async (events: unknown[]) =>
  expectStatus(await tenant.api.post('/usage/batch', { events }), 200);
const now = async () => new Date(expectStatus(await tenant.api.get('/test-clock'), 200).now);

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  tenant = await nova.tenant();
  client = await connectTo(await tenantDatabaseUrl(nova.databases, tenant.tenantId));
  expectStatus(await tenant.api.post('/meters/presets'), 200);
  const body = { name: 'Shop', externalId: 'shop-1', currency: 'NGN' };
  customerId = expectStatus(await tenant.api.post('/customers', body), 201).id;
});
afterAll(async () => {
  await client.end();
  await nova.stop();
});
beforeEach(() => client.query('TRUNCATE usage_events, usage_late'));

describe('POST /usage', () => {
  it('counts an event once, however often it is sent and whatever else it says', async () => {
    const event = call();
    expect(expectStatus(await tenant.api.post('/usage', event), 201)).toEqual({
      object: 'usage_receipt',
      transactionId: event.transactionId,
      status: 'accepted',
      warnings: [],
    });
    const later = { ...event, timestamp: new Date((await now()).getTime() - 31 * DAY_MS).toISOString() };
    expect(expectStatus(await tenant.api.post('/usage', later), 201).status).toBe('duplicate');
    const { rows } = await client.query('SELECT customer_id, properties FROM usage_events');
    expect(rows).toEqual([{ customer_id: customerId, properties: { quantity: 5 } }]);
  });

  it('says with a pointer why it does not count one', async () => {
    const refused = await tenant.api.post('/usage', call({ customerId: 'nobody' }));
    expect(refused.body).toMatchObject({
      status: 400,
      code: 'usage_rejected',
      errors: [{ pointer: '/customerId', code: 'unknown_customer' }],
    });
    const malformed = await tenant.api.post('/usage', call({ properties: { a: { b: 1 } } }));
    expect(malformed.body).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});

describe('POST /usage/batch', () => {
  it('answers for every event, and counts those that are right', async () => {
    const at = (days: number, base: Date) => new Date(base.getTime() + days * DAY_MS).toISOString();
    const base = await now();
    const twice = call();
    const events = [
      twice,
      twice,
      call({ eventName: 'dreams' }),
      call({ customerId: 'nobody' }),
      call({ subscriptionId: 'sub_00000000000000000000000000' }),
      call({ timestamp: at(-366, base) }),
      call({ timestamp: at(1.01, base) }),
      call({ timestamp: at(0.99, base) }),
      call({ timestamp: '2026-02-30T00:00:00Z' }),
      call({ properties: { quantity: 1e15 } }),
      call({ properties: { quantity: '0.0000000000001' } }),
      call({ properties: { quantity: 'many' } }),
      call({ properties: {} }),
      call({ properties: { quantity: '999999999999999.999999999999' } }),
      'nonsense',
      { ...call(), colour: 'red' },
      call({ transactionId: 'a b' }),
      call({ properties: { nested: [] } }),
    ];
    const answer = await batch(events);
    const told = answer.results.map((result: Record<string, unknown>) => [
      result['status'],
      result['code'] ?? (result['warnings'] as { code: string }[] | undefined)?.[0]?.code,
      result['pointer'],
    ]);
    expect(told).toEqual([
      ['accepted', undefined, undefined],
      ['duplicate', undefined, undefined],
      ['rejected', 'unknown_event_name', '/eventName'],
      ['rejected', 'unknown_customer', '/customerId'],
      ['rejected', 'unknown_subscription', '/subscriptionId'],
      ['rejected', 'event_too_old', '/timestamp'],
      ['rejected', 'event_too_far_ahead', '/timestamp'],
      ['accepted', undefined, undefined],
      ['rejected', 'invalid_format', '/timestamp'],
      ['rejected', 'quantity_too_large', '/properties/quantity'],
      ['rejected', 'too_many_decimals', '/properties/quantity'],
      ['accepted', 'not_a_number', undefined],
      ['accepted', 'missing', undefined],
      ['accepted', undefined, undefined],
      ['rejected', 'invalid_type', ''],
      ['rejected', 'unknown_key', '/colour'],
      ['rejected', 'invalid_format', '/transactionId'],
      ['rejected', 'invalid_type', '/properties/nested'],
    ]);
    expect(answer).toMatchObject({ accepted: 5, duplicates: 1, rejected: 12 });
    const { rows } = await client.query('SELECT count(*)::int AS count FROM usage_events');
    expect(rows).toEqual([{ count: 5 }]);
  });

  it('takes each event once from many batches at once', async () => {
    const ids = Array.from({ length: 200 }, unique);
    const batches = Array.from({ length: 8 }, (_, index) => {
      const order = index % 2 === 0 ? ids : ids.toReversed();
      return order.map((transactionId) => call({ transactionId, properties: { quantity: index } }));
    });
    const answers = await Promise.all(batches.map(batch));
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(200);
    const { rows } = await client.query('SELECT count(*)::int AS count FROM usage_events');
    expect(rows).toEqual([{ count: 200 }]);
  });

  it('tells what was there from what is new in one batch, and stores that', async () => {
    const old = [call(), call()];
    await batch(old);
    const mixed = [call(), ...old, call({ eventName: 'dreams' }), call()];
    const statuses = ({ results }: { results: { status: string }[] }) => results.map(({ status }) => status);
    expect(statuses(await batch(mixed))).toEqual([
      'accepted',
      'duplicate',
      'duplicate',
      'rejected',
      'accepted',
    ]);
    expect(statuses(await batch(mixed))).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
      'rejected',
      'duplicate',
    ]);
    const { rows } = await client.query('SELECT count(*)::int AS count FROM usage_events');
    expect(rows).toEqual([{ count: 4 }]);
  });

  it('takes 1,000 events and no more', async () => {
    const many = Array.from({ length: 1_001 }, () => call());
    expect((await tenant.api.post('/usage/batch', { events: many })).status).toBe(400);
    expect((await tenant.api.post('/usage/batch', { events: [] })).status).toBe(400);
    expect((await batch(many.slice(1))).accepted).toBe(1_000);
  });

  it('stores every event in the table of its month', async () => {
    await batch([call(), call({ timestamp: new Date((await now()).getTime() - 33 * DAY_MS).toISOString() })]);
    const { rows } = await client.query(
      'SELECT tableoid::regclass::text AS name, occurred_at FROM usage_events ORDER BY occurred_at',
    );
    expect(rows.map(({ name }) => name)).toEqual(
      rows.map(({ occurred_at: at }) => `usage_events_${at.toISOString().slice(0, 7).replace('-', '_')}`),
    );
  });
});

describe('usage of a time that was billed', () => {
  it('is noted, so that the next billing rates that time again', async () => {
    const plan = expectStatus(await tenant.api.post('/plans', { name: 'Pro' }), 201);
    const price = { currency: 'NGN', model: 'flat', type: 'recurring', unitAmount: '100', interval: 'month' };
    expectStatus(await tenant.api.post(`/plans/${plan.id}/prices`, price), 201);
    const subscription = expectStatus(
      await tenant.api.post('/subscriptions', {
        customerId,
        planId: plan.id,
        collectionMethod: 'send_invoice',
      }),
      201,
    );
    const before = new Date(Date.parse(subscription.currentPeriodStart) - 2 * DAY_MS).toISOString();
    await batch([call({ timestamp: before }), call()]);
    const { rows } = await client.query('SELECT customer_id, event_name, occurred_from FROM usage_late');
    expect(rows).toEqual([
      { customer_id: customerId, event_name: 'api_calls', occurred_from: new Date(before) },
    ]);
    // With one that was there it goes another way, and the earliest moment is what counts.
    const [known, earlier] = [call(), new Date(Date.parse(before) - DAY_MS).toISOString()];
    await batch([known]);
    await batch([known, call({ timestamp: before }), call({ timestamp: earlier })]);
    const noted = await client.query('SELECT occurred_from FROM usage_late');
    expect(noted.rows).toEqual([{ occurred_from: new Date(earlier) }]);
    const named = await batch([call({ subscriptionId: subscription.id })]);
    expect(named.accepted).toBe(1);
    expectStatus(
      await tenant.api.post(`/subscriptions/${subscription.id}/cancel`, { timing: 'immediate' }),
      200,
    );
    const ended = await batch([call({ subscriptionId: subscription.id })]);
    expect(ended.results[0]).toMatchObject({ status: 'rejected', code: 'subscription_canceled' });
    // Without naming it, usage is still counted: whether anything bills it is another question.
    expect((await batch([call()])).accepted).toBe(1);
  });
});

describe('a meter that is archived', () => {
  it('counts what came before, and nothing of what another counts by the name of its events', async () => {
    const meter = { name: 'Pages', eventName: 'pages', aggregation: 'count' };
    const used = () => batch([{ ...call(), eventName: 'pages' }]);
    const counted = async (id: string) => {
      const from = await now();
      const to = new Date(from.getTime() + 1_000);
      const query = `meter=${id}&customer=${customerId}&from=${from.toISOString()}&to=${to.toISOString()}`;
      return Number(expectStatus(await tenant.api.get(`/usage/summary?${query}`), 200).totals[0].quantity);
    };
    const { id: old } = expectStatus(await tenant.api.post('/meters', meter), 201);
    await used();
    expectStatus(await tenant.api.patch(`/meters/${old}`, { active: false }), 200);
    const { id: next } = expectStatus(await tenant.api.post('/meters', meter), 201);
    await used();
    expect([await counted(old), await counted(next)]).toEqual([1, 2]);
  });
});
