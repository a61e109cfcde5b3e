import type { MeterTerms } from '../../domain/usage/meter-terms.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readReference } from '../../platform/wire/external-id.js';
import { type MeterRow, meterTermsOf } from '../meters/meter-terms.js';
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

/** Rows as one text each: a thousand customers are read several times as fast as by rows of the driver. */
interface FactsRow {
  readonly meters: string;
  readonly customers: string;
  readonly external_ids: string;
  readonly billed: string;
  readonly subscriptions: string;
}

type MeterFact = Omit<MeterRow, 'id' | 'archivedAt'> & { readonly id: string; readonly watched: boolean };
/** Id of a customer, external id. */
type ExternalIdFact = [string, string];
/** Id of a customer that has subscriptions, milliseconds since 1970 that it may be billed until, whether it has a threshold. */
type BilledFact = [string, number | null, boolean];
/** Id, external id, customer, milliseconds since 1970 of its end, hours of grace. */
type SubscriptionFact = [string, string | null, string, number | null, number | null];

/** Lists of ids come and go as texts with spaces between: no id has one, and nothing is read faster. */
const FACTS = `
  WITH found AS MATERIALIZED (
    SELECT id, external_id FROM customers
    WHERE deleted_at IS NULL
      AND (id = ANY(string_to_array($2::text, ' ')) OR external_id = ANY(string_to_array($3::text, ' ')))
  )
  SELECT (SELECT coalesce(json_agg(json_build_object('id', m.id, 'eventName', m.event_name,
        'aggregation', m.aggregation, 'property', m.property, 'filters', m.filters, 'rounding', m.rounding,
        'watched', EXISTS (SELECT FROM usage_alerts a WHERE a.meter_id = m.id AND a.active))), '[]')::text
      FROM meters m WHERE m.event_name = ANY(string_to_array($1::text, ' ')) AND m.archived_at IS NULL) AS meters,
    (SELECT coalesce(string_agg(id, ' '), '') FROM found) AS customers,
    (SELECT coalesce(json_agg(json_build_array(id, external_id)), '[]')::text
      FROM found WHERE external_id IS NOT NULL) AS external_ids,
    (SELECT coalesce(json_agg(json_build_array(
        id, extract(epoch FROM billed_until) * 1000, has_threshold)), '[]')::text
      FROM (SELECT found.id,
          max(coalesce(s.ended_at, CASE WHEN s.current_period_end <= $4::timestamptz THEN s.current_period_end
                                        ELSE s.current_period_start END)) AS billed_until,
          bool_or(s.usage_threshold IS NOT NULL) AS has_threshold
        FROM found JOIN subscriptions s ON s.customer_id = found.id
        WHERE s.status <> 'scheduled' GROUP BY found.id) AS own
    ) AS billed,
    (SELECT coalesce(json_agg(json_build_array(
        id, external_id, customer_id, extract(epoch FROM ended_at) * 1000, grace_hours)), '[]')::text
      FROM subscriptions
      WHERE id = ANY(string_to_array($5::text, ' ')) OR external_id = ANY(string_to_array($6::text, ' '))
    ) AS subscriptions`;

/** Reads what a batch needs: in one statement, however many events there are. */
export async function readFacts(
  ctx: Pick<TenantContext, 'read'>,
  events: readonly ReadEvent[],
  now: Date,
): Promise<IngestFacts> {
  const names = new Set(events.map(({ eventName }) => eventName));
  const customers = split('cus', new Set(events.map(({ customer }) => customer)));
  const subscriptions = split('sub', new Set(events.flatMap(({ subscription }) => subscription ?? [])));
  const soon = new Date(now.getTime() + BILLING_MAY_BEGIN_SECONDS * 1_000);
  const values = [
    [...names].join(' '),
    customers.ids,
    customers.externalIds,
    soon,
    subscriptions.ids,
    subscriptions.externalIds,
  ];
  const [row] = await ctx.read<FactsRow>({ text: FACTS, values });
  if (!row) throw new Error('A statement that answers one row has answered none.');
  return {
    meters: metersOf(JSON.parse(row.meters) as MeterFact[]),
    customers: customersOf(row),
    subscriptions: subscriptionsOf(JSON.parse(row.subscriptions) as SubscriptionFact[]),
  };
}

function metersOf(facts: readonly MeterFact[]): Map<string, readonly IngestMeter[]> {
  const meters = new Map<string, IngestMeter[]>();
  for (const fact of facts) {
    const meter = { id: fact.id, terms: meterTermsOf(fact), watched: fact.watched };
    const others = meters.get(fact.eventName);
    if (others) others.push(meter);
    else meters.set(fact.eventName, [meter]);
  }
  return meters;
}

/** Callers may call the same thing by our id and by their own, in one batch. The two never look alike. */
function customersOf(row: FactsRow): Map<string, MeteredCustomer> {
  const customers = new Map<string, MeteredCustomer>();
  if (row.customers === '') return customers;
  for (const id of row.customers.split(' '))
    customers.set(id, { id, billedUntil: null, hasThreshold: false });
  for (const [id, billedUntil, hasThreshold] of JSON.parse(row.billed) as BilledFact[]) {
    customers.set(id, { id, billedUntil: momentOf(billedUntil), hasThreshold });
  }
  for (const [id, externalId] of JSON.parse(row.external_ids) as ExternalIdFact[]) {
    const customer = customers.get(id);
    if (customer) customers.set(externalId, customer);
  }
  return customers;
}

function subscriptionsOf(facts: readonly SubscriptionFact[]): Map<string, MeteredSubscription> {
  const subscriptions = new Map<string, MeteredSubscription>();
  for (const [id, externalId, customerId, endedAt, graceHours] of facts) {
    const subscription = { id, customerId, endedAt: momentOf(endedAt), graceHours };
    subscriptions.set(id, subscription);
    if (externalId !== null) subscriptions.set(externalId, subscription);
  }
  return subscriptions;
}

function momentOf(milliseconds: number | null): Date | null {
  return milliseconds === null ? null : new Date(milliseconds);
}

function split(prefix: 'cus' | 'sub', references: ReadonlySet<string>) {
  const ids: string[] = [];
  const externalIds: string[] = [];
  for (const text of references) {
    const reference = readReference(prefix, text);
    if (!reference) continue;
    if ('id' in reference) ids.push(reference.id);
    else externalIds.push(reference.externalId);
  }
  return { ids: ids.join(' '), externalIds: externalIds.join(' ') };
}
