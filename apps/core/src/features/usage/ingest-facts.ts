import type { MeterTerms } from '../../domain/usage/meter-terms.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { readReference } from '../../platform/wire/external-id.js';
import { meterTermsOf } from '../meters/meter-terms.js';
import type { ReadEvent } from './usage-event-input.js';

/** A customer that events are of. */
export interface MeteredCustomer {
  readonly id: string;
  /** What happened before this may have been billed; null when nothing was. */
  readonly billedUntil: Date | null;
  /** Whether a subscription of it is billed as soon as its usage has come to so much. */
  readonly hasThreshold: boolean;
}

/** A subscription that events name. */
export interface MeteredSubscription {
  readonly id: string;
  readonly customerId: string;
  readonly endedAt: Date | null;
  readonly graceHours: number | null;
}

export interface IngestMeter {
  readonly id: string;
  readonly terms: MeterTerms;
  readonly watched: boolean;
}

/** What has to be known to judge events, found by what they call it. */
export interface IngestFacts {
  readonly customers: ReadonlyMap<string, MeteredCustomer>;
  readonly subscriptions: ReadonlyMap<string, MeteredSubscription>;
  /** Meters that take events, by the name of those. */
  readonly meters: ReadonlyMap<string, readonly IngestMeter[]>;
}

/** So long before the end of a period its usage is taken for late: the billing run may read it any moment. */
const BILLING_MAY_BEGIN_SECONDS = 60;

/** Reads what a batch needs: three statements at most, however many events there are. */
export async function readFacts(
  db: TenantReader,
  events: readonly ReadEvent[],
  now: Date,
): Promise<IngestFacts> {
  const names = [...new Set(events.map(({ eventName }) => eventName))];
  const customers = [...new Set(events.map(({ customer }) => customer))];
  const subscriptions = [...new Set(events.flatMap(({ subscription }) => subscription ?? []))];
  const [byName, byCustomer, bySubscription] = await Promise.all([
    readMeters(db, names),
    readCustomers(db, customers, now),
    readSubscriptions(db, subscriptions),
  ]);
  return { meters: byName, customers: byCustomer, subscriptions: bySubscription };
}

async function readMeters(
  db: TenantReader,
  names: readonly string[],
): Promise<Map<string, readonly IngestMeter[]>> {
  const rows = await db.meter.findMany({
    where: { eventName: { in: [...names] }, archivedAt: null },
    include: { alerts: { where: { active: true }, select: { id: true }, take: 1 } },
  });
  const meters = new Map<string, IngestMeter[]>();
  for (const row of rows) {
    const meter = { id: row.id, terms: meterTermsOf(row), watched: row.alerts.length > 0 };
    const others = meters.get(row.eventName);
    if (others) others.push(meter);
    else meters.set(row.eventName, [meter]);
  }
  return meters;
}

interface CustomerRow {
  id: string;
  external_id: string | null;
  billed_until: Date | null;
  has_threshold: boolean | null;
}

async function readCustomers(
  db: TenantReader,
  references: readonly string[],
  now: Date,
): Promise<Map<string, MeteredCustomer>> {
  const { ids, externalIds } = split('cus', references);
  const soon = new Date(now.getTime() + BILLING_MAY_BEGIN_SECONDS * 1_000);
  const rows = await db.$queryRaw<CustomerRow[]>`
    SELECT c.id, c.external_id, own.billed_until, own.has_threshold
    FROM customers c CROSS JOIN LATERAL (
      SELECT max(coalesce(s.ended_at, CASE WHEN s.current_period_end <= ${soon} THEN s.current_period_end
                                           ELSE s.current_period_start END)) AS billed_until,
        bool_or(s.usage_threshold IS NOT NULL) AS has_threshold
      FROM subscriptions s WHERE s.customer_id = c.id AND s.status <> 'scheduled') own
    WHERE c.deleted_at IS NULL AND (c.id = ANY(${ids}::text[]) OR c.external_id = ANY(${externalIds}::text[]))`;
  return byReference(rows, (row) => ({
    id: row.id,
    billedUntil: row.billed_until,
    hasThreshold: row.has_threshold ?? false,
  }));
}

interface SubscriptionRow {
  id: string;
  external_id: string | null;
  customer_id: string;
  ended_at: Date | null;
  grace_hours: number | null;
}

async function readSubscriptions(
  db: TenantReader,
  references: readonly string[],
): Promise<Map<string, MeteredSubscription>> {
  if (references.length === 0) return new Map();
  const { ids, externalIds } = split('sub', references);
  const rows = await db.$queryRaw<SubscriptionRow[]>`
    SELECT id, external_id, customer_id, ended_at, grace_hours FROM subscriptions
    WHERE id = ANY(${ids}::text[]) OR external_id = ANY(${externalIds}::text[])`;
  return byReference(rows, (row) => ({
    id: row.id,
    customerId: row.customer_id,
    endedAt: row.ended_at,
    graceHours: row.grace_hours,
  }));
}

/** Callers may call the same thing by our id and by their own, in one batch. The two never look alike. */
function byReference<Row extends { id: string; external_id: string | null }, Thing>(
  rows: readonly Row[],
  toThing: (row: Row) => Thing,
): Map<string, Thing> {
  const things = new Map<string, Thing>();
  for (const row of rows) {
    const thing = toThing(row);
    things.set(row.id, thing);
    if (row.external_id !== null) things.set(row.external_id, thing);
  }
  return things;
}

function split(prefix: 'cus' | 'sub', references: readonly string[]) {
  const ids: string[] = [];
  const externalIds: string[] = [];
  for (const text of references) {
    const reference = readReference(prefix, text);
    if (!reference) continue;
    if ('id' in reference) ids.push(reference.id);
    else externalIds.push(reference.externalId);
  }
  return { ids, externalIds };
}
