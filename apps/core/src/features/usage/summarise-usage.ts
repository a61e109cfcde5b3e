import { DAY_MS } from '../../domain/calendar/civil-date.js';
import { bucketsOver, calendarBucket } from '../../domain/calendar/buckets.js';
import type { Period } from '../../domain/calendar/periods.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { groupByOf } from '../meters/meter-wire.js';
import { requireMeter } from '../meters/meters.repository.js';
import { aggregateUsage, type UsageRequest, type UsageTotal } from './aggregate-usage.js';
import type { Granularity, UsageSummaryQuery, UsageSummaryWire } from './usage-queries.schemas.js';

const BUCKETS_MAX = 400;
/** A property may have any number of values: an answer has an end. */
const TOTALS_MAX = 10_000;
const HOUR_MS = DAY_MS / 24;

/**
 * What was used by a meter in each day, hour or month of a time, and in all of it. Days and months are those of the
 * customer's time zone; hours are whole hours of UTC.
 * @throws notFound, invalidRequest
 */
export async function summariseUsage(
  ctx: TenantContext,
  query: UsageSummaryQuery,
): Promise<UsageSummaryWire> {
  const meter = await requireMeter(ctx.db, query.meter);
  const customer = query.customer === undefined ? null : await requireCustomer(ctx.db, query.customer);
  const { groupBy, granularity } = query;
  if (groupBy !== undefined && !groupByOf(meter).includes(groupBy)) {
    throw refuse('?groupBy', 'must be one of the properties that the meter groups by');
  }
  const timeZone = customer?.timeZone ?? ctx.tenant.timeZone;
  const buckets = bucketsOf({ from: new Date(query.from), to: new Date(query.to) }, granularity, timeZone);
  const [first] = buckets;
  const last = buckets.at(-1);
  if (!first || !last) throw refuse('?to', 'must be after `from`');
  const whole = { start: first.start, end: last.end };
  const request = (key: string, window: Period): UsageRequest => ({
    key,
    customerId: customer?.id ?? null,
    subscriptionId: null,
    meter,
    window,
    groupBy: groupBy === undefined ? [] : [groupBy],
    events: 'none',
  });
  const totals = await aggregateUsage(ctx.db, [request('whole', whole)]);
  refuseTooMany(totals);
  const parts = buckets.map((window, index) => request(String(index), window));
  for (const [key, ofPart] of await aggregateUsage(ctx.db, parts)) totals.set(key, ofPart);
  refuseTooMany(totals);
  const wire = (key: string) => (totals.get(key) ?? []).map((total) => totalWire(total, groupBy));
  return {
    object: 'usage_summary',
    meterId: meter.id,
    customerId: customer?.id ?? null,
    aggregation: meter.aggregation,
    unit: meter.unit,
    timeZone,
    granularity,
    from: whole.start.toISOString(),
    to: whole.end.toISOString(),
    data: buckets.map(({ start, end }, index) => ({
      start: start.toISOString(),
      end: end.toISOString(),
      totals: wire(String(index)),
    })),
    totals: wire('whole'),
  };
}

function refuseTooMany(totals: ReadonlyMap<string, readonly UsageTotal[]>): void {
  const count = [...totals.values()].reduce((sum, { length }) => sum + length, 0);
  if (count <= TOTALS_MAX) return;
  throw refuse('?groupBy', `makes more than ${TOTALS_MAX} totals of this time; ask for less at once`);
}

function totalWire({ groupValues, quantity, eventCount }: UsageTotal, groupBy: string | undefined) {
  return {
    groupValue: groupBy === undefined ? null : (groupValues?.[groupBy] ?? ''),
    quantity: quantity.toDecimalPlaces(12).toFixed(),
    events: Number(eventCount),
  };
}

/** The days, hours or months that a time touches, in order. */
function bucketsOf(
  { from, to }: { from: Date; to: Date },
  granularity: Granularity,
  timeZone: string,
): Period[] {
  const bucketAt = granularity === 'hour' ? hourAt : calendarBucket(granularity, timeZone);
  const buckets = bucketsOver({ start: from, end: to }, bucketAt, BUCKETS_MAX);
  if (buckets) return buckets;
  throw refuse('?granularity', `makes more than ${BUCKETS_MAX} parts of this time; ask for less at once`);
}

function hourAt(at: Date): Period {
  const start = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
  return { start: new Date(start), end: new Date(start + HOUR_MS) };
}

function refuse(pointer: string, message: string): Error {
  return invalidRequest('The summary cannot be made.', { errors: [{ pointer, code: 'custom', message }] });
}
