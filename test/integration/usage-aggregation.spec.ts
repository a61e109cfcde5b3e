import { aggregateEvents } from '@nova/core/domain/usage/aggregate-events.js';
import {
  AGGREGATIONS,
  type MeterFilter,
  type MeterTerms,
  type PropertyValue,
  type QuantityRounding,
} from '@nova/core/domain/usage/meter-terms.js';
import { propertyText } from '@nova/core/domain/usage/property-value.js';
import { aggregateUsage, type UsageRequest } from '@nova/core/features/usage/aggregate-usage.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Nova, startNova } from '../support/nova.js';
import { connectTo, tenantDatabaseUrl } from '../support/tenant-database.js';
import { insertEvents, type StoredEvent } from '../support/usage-events.js';

let nova: Nova;
let tenantId: string;
let client: pg.Client;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  ({ tenantId } = await nova.tenant());
  client = await connectTo(await tenantDatabaseUrl(nova.databases, tenantId));
});
afterAll(async () => {
  await client.end();
  await nova.stop();
});

const inTenant = <T>(work: (ctx: TenantContext) => Promise<T>) =>
  nova.app
    .get(TenantContexts, { strict: false })
    .run({ tenantId, mode: 'test', actor: { type: 'system', id: 'test' }, requestId: null }, work);

const START = Date.UTC(2026, 0, 20);
const HOUR_MS = 3_600_000;
const hour = (n: number) => new Date(START + n * HOUR_MS);
/** Windows of up to forty days: over the border of a month, partly before the first and after the last event. */
const window = fc
  .tuple(fc.integer({ min: -48, max: 700 }), fc.integer({ min: 1, max: 400 }))
  .map(([from, length]) => ({
    start: hour(from),
    end: hour(from + length),
  }));

const value: fc.Arbitrary<PropertyValue> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -50, max: 50 }) },
  fc.constantFrom(0.1, -0, 1e-7, 1e15, 1e-13, 999999999999999, 2.5),
  fc.constantFrom(
    '7',
    '-3.25',
    '+4',
    '007',
    '1e3',
    '.5',
    '5.',
    ' 6',
    '',
    'x',
    'ü',
    '٣',
    '999999999999999.999999999999',
  ),
  fc.boolean(),
);
const region = fc.constantFrom('eu', 'us', '', 'ng');
const properties = fc.record(
  {
    n: value,
    region,
    id: fc.constantFrom('a', 'b', 'c', 1, true),
    operation: fc.constantFrom('add', 'remove', 'other'),
  },
  { requiredKeys: [] },
);
const events = fc
  .array(
    fc.record({
      customerId: fc.constantFrom('cus_a', 'cus_b'),
      subscriptionId: fc.constantFrom('sub_a', 'sub_b', null),
      eventName: fc.constantFrom('calls', 'calls', 'calls', 'others'),
      // Whole hours, so that many events share their moment and the arrival has to decide.
      at: fc.integer({ min: -24, max: 720 }),
      arrival: fc.integer({ min: 0, max: 2 }),
      properties,
    }),
    { minLength: 5, maxLength: 60 },
  )
  .map((list) =>
    list.map(({ at, arrival, ...event }, index): StoredEvent => ({
      ...event,
      transactionId: `t${(index * 7919) % 1_000}`,
      occurredAt: hour(at),
      receivedAt: hour(at + arrival),
    })),
  );
const filter: fc.Arbitrary<MeterFilter> = fc.oneof(
  fc.record({
    property: fc.constantFrom('region', 'n'),
    operator: fc.constantFrom('eq' as const, 'ne' as const, 'in' as const, 'not_in' as const),
    values: fc.array(fc.constantFrom('eu', 'us', '', '7', '0', '0.0000001', 'true'), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  fc.record({
    property: fc.constant('n'),
    operator: fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const),
    values: fc.constantFrom(['0'], ['7'], ['-3.250']),
  }),
  fc.record({
    property: fc.constantFrom('region', 'n'),
    operator: fc.constant('exists' as const),
    values: fc.constantFrom([], ['true'], ['false']),
  }),
);
const rounding: fc.Arbitrary<QuantityRounding | null> = fc.option(
  fc.record({ mode: fc.constantFrom('half_up', 'up', 'down'), precision: fc.integer({ min: -2, max: 3 }) }),
);
const terms: fc.Arbitrary<MeterTerms> = fc
  .record({
    aggregation: fc.constantFrom(...AGGREGATIONS),
    filters: fc.array(filter, { maxLength: 2 }),
    rounding,
  })
  .map((meter) => ({
    ...meter,
    property: meter.aggregation === 'count' ? null : meter.aggregation === 'unique_count' ? 'id' : 'n',
  }));

interface Question {
  customerId: string;
  subscriptionId: string | null;
  window: { start: Date; end: Date };
}
const questions: fc.Arbitrary<Question[]> = fc.array(
  fc.record({
    customerId: fc.constantFrom('cus_a', 'cus_b', 'cus_c'),
    subscriptionId: fc.constantFrom('sub_a', null),
    window,
  }),
  { minLength: 1, maxLength: 4 },
);
const full = { start: hour(0), end: hour(31 * 24) };

/** What the pure reference makes of it, in the form that a test compares. */
function expected(meter: MeterTerms, stored: readonly StoredEvent[], question: Question, groupBy: string[]) {
  const own = stored.filter(
    (event) =>
      event.eventName === 'calls' &&
      event.customerId === question.customerId &&
      (question.subscriptionId === null || [null, question.subscriptionId].includes(event.subscriptionId)),
  );
  const textOf = (event: StoredEvent, name: string) => {
    const property = event.properties[name];
    return property === undefined ? '' : propertyText(property);
  };
  const groups = new Map<string, StoredEvent[]>();
  for (const event of own) {
    const group = JSON.stringify(groupBy.map((name) => textOf(event, name)));
    groups.set(group, [...(groups.get(group) ?? []), event]);
  }
  if (groupBy.length === 0 && groups.size === 0) groups.set('[]', []);
  return [...groups]
    .map(([group, members]) => ({
      group,
      ...aggregateEvents(meter, members, { window: question.window, full }),
    }))
    .map(({ group, quantity, eventCount, values }) => ({
      group,
      quantity: quantity.toDecimalPlaces(40).toFixed(),
      eventCount: BigInt(eventCount),
      values: values.map((number) => number.toFixed()),
    }))
    .filter(({ quantity, eventCount }) => groupBy.length === 0 || eventCount > 0n || Number(quantity) !== 0)
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

describe('usage in SQL', () => {
  it('is what the reference makes of the same events', async () => {
    const grouping = fc.constantFrom<string[]>([], ['region'], ['region', 'id']);
    await inTenant((ctx) =>
      fc.assert(
        fc.asyncProperty(events, terms, questions, grouping, async (stored, meter, asked, groupBy) => {
          await client.query('TRUNCATE usage_events');
          await insertEvents(client, stored);
          const row = {
            ...meter,
            id: 'mtr_1',
            eventName: 'calls',
            filters: meter.filters as unknown as UsageRequest['meter']['filters'],
            rounding: meter.rounding as unknown as UsageRequest['meter']['rounding'],
            archivedAt: null,
          };
          const totals = await aggregateUsage(
            ctx.db,
            asked.map((question, index) => ({
              ...question,
              key: `q${index}`,
              meter: row,
              full,
              groupBy,
              events: 'values',
            })),
          );
          for (const [index, question] of asked.entries()) {
            const found = (totals.get(`q${index}`) ?? [])
              .map(({ groupValues, quantity, eventCount, values = [] }) => ({
                group: JSON.stringify(groupBy.map((name) => groupValues?.[name])),
                quantity: quantity.toDecimalPlaces(40).toFixed(),
                eventCount,
                values: values.map((number) => number.toFixed()),
              }))
              .filter(
                ({ quantity, eventCount }) =>
                  groupBy.length === 0 || eventCount > 0n || Number(quantity) !== 0,
              )
              .sort((a, b) => (a.group < b.group ? -1 : 1));
            expect(found).toEqual(expected(meter, stored, question, groupBy));
          }
        }),
        { numRuns: 150 },
      ),
    );
  });

  it('answers many meters and customers at once, and 0 where nothing was used', async () => {
    await client.query('TRUNCATE usage_events');
    await insertEvents(client, [
      {
        transactionId: 't1',
        eventName: 'calls',
        customerId: 'cus_a',
        subscriptionId: null,
        occurredAt: hour(1),
        receivedAt: hour(1),
        properties: { n: '0.1' },
      },
    ]);
    const meter = {
      id: 'mtr_sum',
      eventName: 'calls',
      aggregation: 'sum',
      property: 'n',
      filters: [],
      rounding: null,
      archivedAt: null,
    };
    const base = { subscriptionId: null, window: full, groupBy: [], events: 'none' as const };
    const totals = await inTenant((ctx) =>
      aggregateUsage(ctx.db, [
        { ...base, key: 'a', customerId: 'cus_a', meter },
        { ...base, key: 'b', customerId: 'cus_b', meter },
        {
          ...base,
          key: 'c',
          customerId: 'cus_a',
          meter: { ...meter, id: 'mtr_count', aggregation: 'count', property: null },
        },
      ]),
    );
    const quantities = [...totals].map(([key, [total]]) => [
      key,
      total?.quantity.toFixed(),
      total?.eventCount,
    ]);
    expect(quantities).toEqual([
      ['a', '0.1', 1n],
      ['b', '0', 0n],
      ['c', '1', 1n],
    ]);
  });
});
