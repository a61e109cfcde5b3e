import type { Period } from '../../domain/calendar/periods.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { roundQuantity } from '../../domain/usage/round-quantity.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { type MeterRow, meterTermsOf } from '../meters/meter-terms.js';
import { type AggregateRow, aggregateSql } from './aggregate-sql.js';

/** A window of a customer's usage by one meter. */
export interface UsageRequest {
  /** The caller's own name of it, by which the answer is found. */
  readonly key: string;
  /** Null for all customers together, as a summary wants it; billing asks for one. */
  readonly customerId: string | null;
  /** Events of this subscription, and those that name none; null for all of the customer's. */
  readonly subscriptionId: string | null;
  readonly meter: MeterRow;
  readonly window: Period;
  /** The whole period, where the window is a part of it: what a weighted sum is divided by. The window unless given. */
  readonly full?: Period;
  /** Properties that the usage is told apart by. */
  readonly groupBy: readonly string[];
  /** Whether what each event brought is wanted, for prices that go by the event. */
  readonly events: 'none' | 'values';
}

/** What was used in a window, or in one group of it. */
export interface UsageTotal {
  /** The values of the properties it is grouped by; an absent one is ''. Null without groups. */
  readonly groupValues: Readonly<Record<string, string>> | null;
  /** By the meter's aggregation, after its rounding. */
  readonly quantity: Decimal;
  readonly eventCount: bigint;
  /** Asked for by `events`: the number of every event, by its time and arrival; 1 where a meter counts. */
  readonly values?: readonly Decimal[];
}

/**
 * Aggregates windows by their meters, as `aggregateEvents` of the domain does: one statement for all requests of the same
 * meter and groups. A window without events has one total of 0, or none where it is grouped. Groups come by their values.
 */
export async function aggregateUsage(
  db: TenantReader,
  requests: readonly UsageRequest[],
): Promise<Map<string, UsageTotal[]>> {
  const totals = new Map<string, UsageTotal[]>();
  for (const { key } of requests) {
    if (totals.has(key)) throw new Error(`Usage is asked for twice by the key ${key}.`);
    totals.set(key, []);
  }
  for (const alike of alikeOf(requests)) {
    const byKey = new Map(alike.map((request) => [request.key, request]));
    for (const row of await readRows(db, alike)) {
      const request = byKey.get(row.key);
      if (request) totals.get(row.key)?.push(totalOf(request, row));
    }
  }
  for (const request of requests) {
    const found = totals.get(request.key);
    if (found?.length === 0 && request.groupBy.length === 0) found.push(nothing(request));
  }
  return totals;
}

/** Requests that one statement answers. */
function alikeOf(requests: readonly UsageRequest[]): UsageRequest[][] {
  const alike = new Map<string, UsageRequest[]>();
  for (const request of requests) {
    const shape = JSON.stringify([request.meter.id, request.groupBy, request.events]);
    const others = alike.get(shape);
    if (others) others.push(request);
    else alike.set(shape, [request]);
  }
  return [...alike.values()];
}

async function readRows(db: TenantReader, requests: readonly UsageRequest[]): Promise<AggregateRow[]> {
  const [first] = requests;
  if (!first) return [];
  const rows = await db.$queryRaw<AggregateRow[]>(
    aggregateSql({
      terms: meterTermsOf(first.meter),
      eventName: first.meter.eventName,
      until: first.meter.archivedAt,
      groupBy: first.groupBy,
      events: first.events,
      asked: {
        keys: requests.map(({ key }) => key),
        customerIds: requests.map(({ customerId }) => customerId),
        subscriptionIds: requests.map(({ subscriptionId }) => subscriptionId),
        starts: requests.map(({ window }) => window.start.toISOString()),
        ends: requests.map(({ window }) => window.end.toISOString()),
      },
    }),
  );
  return rows.sort((a, b) => (a.groups.join('\u0000') < b.groups.join('\u0000') ? -1 : 1));
}

function totalOf(
  { meter, window, full = window, groupBy, events }: UsageRequest,
  row: AggregateRow,
): UsageTotal {
  const raw = toDecimal(row.quantity);
  const milliseconds = full.end.getTime() - full.start.getTime();
  const quantity = meter.aggregation === 'weighted_sum' ? raw.dividedBy(milliseconds) : raw;
  return {
    groupValues:
      groupBy.length === 0
        ? null
        : Object.fromEntries(groupBy.map((name, index) => [name, row.groups[index] ?? ''])),
    quantity: roundQuantity(quantity, meterTermsOf(meter).rounding),
    eventCount: row.event_count,
    ...(events === 'values' ? { values: (row.event_values ?? []).map(toDecimal) } : {}),
  };
}

function nothing({ events }: UsageRequest): UsageTotal {
  return {
    groupValues: null,
    quantity: new Decimal(0),
    eventCount: 0n,
    ...(events === 'values' ? { values: [] } : {}),
  };
}
