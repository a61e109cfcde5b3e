import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;
let customerId: string;
let serial = 0;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  expectStatus(await tenant.api.post('/meters/presets'), 200);
  const body = { name: 'Shop', externalId: 'shop-1', timeZone: 'Africa/Lagos' };
  customerId = expectStatus(await tenant.api.post('/customers', body), 201).id;
});
afterAll(() => nova.stop());

const call = (quantity: number | string, more: Record<string, unknown> = {}) => ({
  transactionId: `t-${(serial += 1)}`,
  customerId: 'shop-1',
  eventName: 'api_calls',
  properties: { quantity, endpoint: '/quotes' },
  ...more,
});
const use = async (...events: object[]) => {
  const answer = expectStatus(await tenant.api.post('/usage/batch', { events }), 200);
  expect(answer.accepted, JSON.stringify(answer)).toBe(events.length);
};
const fired = async (alertId: string) => {
  const { data } = expectStatus(await tenant.api.get(`/events?objectId=${alertId}&sort=createdAt`), 200);
  return data.map((event: { data: { threshold: { value: string } } }) => event.data.threshold.value);
};

describe('presets of meters', () => {
  it('are made once, and told apart from those that are missing', async () => {
    const first = expectStatus(await tenant.api.post('/meters/presets'), 200).data;
    const again = expectStatus(await tenant.api.post('/meters/presets', { presets: ['cpu_time'] }), 200).data;
    expect(first.map((meter: { eventName: string }) => meter.eventName)).toEqual([
      'api_calls',
      'vm_uptime',
      'cpu_time',
      'data_storage',
    ]);
    expect(again).toEqual([first[2]]);
    const { data } = expectStatus(await tenant.api.get('/meters/presets'), 200);
    expect(data.map((preset: { meterId: string }) => preset.meterId)).toEqual(
      first.map((m: { id: string }) => m.id),
    );
  });
});

describe('a usage alert', () => {
  it('fires once for each threshold that a customer comes to in a window', async () => {
    const alert = expectStatus(
      await tenant.api.post('/usage-alerts', {
        meterId: 'api_calls',
        thresholds: [{ value: '100' }, { value: '1000' }, { value: '10000' }],
        window: 'calendar_month',
      }),
      201,
    );
    await use(call(60), call('39.5'));
    await nova.settle();
    expect(await fired(alert.id)).toEqual([]);
    await use(call('0.5'));
    await eventually(async () => expect(await fired(alert.id)).toEqual(['100']));
    await use(call(5_000));
    await eventually(async () => expect(await fired(alert.id)).toEqual(['100', '1000']));
    await use(call(1));
    await nova.settle();
    expect(await fired(alert.id)).toEqual(['100', '1000']);
    expectStatus(await tenant.api.delete(`/usage-alerts/${alert.id}`), 204);
  });

  it('takes a percentage of a quota that the meter counts, and no other', async () => {
    const refused = await tenant.api.post('/usage-alerts', {
      meterId: 'cpu_time',
      thresholds: [{ type: 'percentage', value: '80' }],
    });
    expect(refused.body).toMatchObject({
      code: 'alert_needs_quota',
      errors: [{ pointer: '/thresholds/0/type' }],
    });
  });
});

describe('what was used', () => {
  it('is listed page by page, found by its id, and summed up by days of the customer', async () => {
    const now = new Date(expectStatus(await tenant.api.get('/test-clock'), 200).now);
    const at = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString();
    const events = [10, 34, 58].map((hours, index) => ({
      ...call(index + 1, { timestamp: at(hours) }),
      eventName: 'cpu_time',
    }));
    await use(...events);
    const first = expectStatus(
      await tenant.api.get('/usage?eventName=cpu_time&limit=2&customer=shop-1'),
      200,
    );
    const rest = expectStatus(
      await tenant.api.get(`/usage?eventName=cpu_time&limit=2&customer=shop-1&cursor=${first.nextCursor}`),
      200,
    );
    const ids = [...first.data, ...rest.data].map((event: { transactionId: string }) => event.transactionId);
    expect(ids).toEqual(events.map(({ transactionId }) => transactionId));
    expect(rest.hasMore).toBe(false);
    expect(expectStatus(await tenant.api.get(`/usage/${ids[0]}`), 200)).toMatchObject({
      customerId,
      timestamp: at(10),
    });
    expect((await tenant.api.get('/usage/nothing')).status).toBe(404);

    const query = new URLSearchParams({ meter: 'cpu_time', customer: 'shop-1', from: at(58), to: at(9) });
    const summary = expectStatus(await tenant.api.get(`/usage/summary?${query.toString()}`), 200);
    expect(summary).toMatchObject({ timeZone: 'Africa/Lagos', totals: [{ quantity: '6', events: 3 }] });
    expect(summary.data[0].start).toMatch(/T23:00:00.000Z$/);
    const days = summary.data.map((bucket: { totals: { quantity: string }[] }) =>
      Number(bucket.totals[0]?.quantity),
    );
    expect(days.reduce((sum: number, quantity: number) => sum + quantity, 0)).toBe(6);
    const unknown = await tenant.api.get(`/usage/summary?${query.toString()}&groupBy=colour`);
    expect(unknown.body).toMatchObject({ status: 400, errors: [{ pointer: '?groupBy' }] });

    const all = new URLSearchParams({ meter: 'api_calls', from: at(9), to: at(8), groupBy: 'endpoint' });
    const stray = Array.from({ length: 5_001 }, (_, index) =>
      call(1, { properties: { endpoint: `/${index}` } }),
    );
    for (let start = 0; start < stray.length; start += 1_000) {
      await use(...stray.slice(start, start + 1_000).map((event) => ({ ...event, timestamp: at(9) })));
    }
    const tooMany = await tenant.api.get(`/usage/summary?${all.toString()}`);
    expect(tooMany.body).toMatchObject({ status: 400, errors: [{ pointer: '?groupBy' }] });

    const current = expectStatus(await tenant.api.get('/customers/shop-1/usage'), 200);
    expect(current.data.map((one: { eventName: string }) => one.eventName)).toContain('api_calls');
  });
});
