import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { CountedEvent } from './judge-event.js';
import { LATE_USAGE_PATIENCE_MS } from './late-patience.js';

/**
 * Stores the events that are not there yet, in one statement, and answers the ids of those that were. The keys are taken in their
 * order, so that two batches with the same events wait for each other rather than lock each other out.
 */
export async function storeEvents(
  ctx: TenantContext,
  tx: TenantTransaction,
  events: readonly CountedEvent[],
): Promise<Set<string>> {
  const rows = events.map(({ event, customer, subscriptionId }) => [
    event.transactionId,
    event.eventName,
    customer.id,
    subscriptionId,
    event.occurredAt,
    event.properties,
  ]);
  const known = await tx.db.$queryRaw<{ transaction_id: string }[]>`
    WITH given AS MATERIALIZED (
      SELECT r ->> 0 AS t, r ->> 1 AS e, r ->> 2 AS c, r ->> 3 AS s,
        to_timestamp((r ->> 4)::double precision / 1000)::timestamptz(3) AS o, r -> 5 AS p
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS r
    ), kept AS (
      INSERT INTO usage_keys (transaction_id, occurred_at)
      SELECT t, o FROM given ORDER BY t COLLATE "C"
      ON CONFLICT DO NOTHING
      RETURNING transaction_id
    ), stored AS (
      INSERT INTO usage_events
        (transaction_id, event_name, customer_id, subscription_id, occurred_at, received_at, properties)
      SELECT t, e, c, s, o, ${ctx.clock.now()}, p FROM given JOIN kept ON kept.transaction_id = given.t
    )
    SELECT t AS transaction_id FROM given WHERE NOT EXISTS (SELECT FROM kept WHERE kept.transaction_id = given.t)`;
  return new Set(known.map(({ transaction_id }) => transaction_id));
}

/** Notes for whom time that may have been billed has to be rated again, and from when on. */
export async function noteLateEvents(
  ctx: TenantContext,
  tx: TenantTransaction,
  events: readonly CountedEvent[],
): Promise<void> {
  const earliest = new Map<string, { c: string; e: string; o: number }>();
  for (const { event, customer } of events) {
    const { occurredAt, eventName } = event;
    if (customer.billedUntil === null || occurredAt >= customer.billedUntil.getTime()) continue;
    const key = `${customer.id} ${eventName}`;
    const known = earliest.get(key);
    if (!known || occurredAt < known.o) earliest.set(key, { c: customer.id, e: eventName, o: occurredAt });
  }
  if (earliest.size === 0) return;
  const now = ctx.clock.now();
  const rows = [...earliest.values()].map(({ o, ...row }) => ({ ...row, o: new Date(o).toISOString() }));
  await tx.db.$executeRaw`
    INSERT INTO usage_late (customer_id, event_name, occurred_from, noted_at)
    SELECT c, e, o, ${now} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS g (c text, e text, o timestamptz(3))
    ORDER BY c COLLATE "C", e COLLATE "C"
    ON CONFLICT (customer_id, event_name)
      DO UPDATE SET occurred_from = least(usage_late.occurred_from, excluded.occurred_from)`;
  // The next billing of a customer bills it. It comes due by itself where none is to come: looked at then, not now.
  tx.due('invoices', new Date(now.getTime() + LATE_USAGE_PATIENCE_MS));
}

/**
 * Notes whose alerts and thresholds have to be looked at. The rows are taken until this commits, also those that were
 * there: a look that is just beginning waits, and sees these events.
 */
export async function noteWatchedUsage(
  ctx: TenantContext,
  tx: TenantTransaction,
  events: readonly CountedEvent[],
): Promise<void> {
  const pairs = new Map<string, { c: string; m: string }>();
  for (const { customer, meters } of events) {
    for (const { id, watched } of meters) {
      if (watched || customer.hasThreshold) pairs.set(`${customer.id} ${id}`, { c: customer.id, m: id });
    }
  }
  if (pairs.size === 0) return;
  const now = ctx.clock.now();
  await tx.db.$executeRaw`
    INSERT INTO usage_alert_checks (customer_id, meter_id, due_at)
    SELECT c, m, ${now} FROM jsonb_to_recordset(${JSON.stringify([...pairs.values()])}::jsonb) AS g (c text, m text)
    ORDER BY c COLLATE "C", m COLLATE "C"
    ON CONFLICT (customer_id, meter_id) DO UPDATE SET due_at = usage_alert_checks.due_at`;
  tx.due('usage_alerts', now);
}
