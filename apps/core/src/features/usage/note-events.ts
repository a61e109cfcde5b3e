import type { DueKind } from '../../tenancy/due-work/due-kinds.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { CountedEvent } from './judge-event.js';
import { LATE_USAGE_PATIENCE_MS } from './late-patience.js';

/** What has to be looked at for new events, as JSON for the statements below, and when. */
export interface EventNotes {
  /** For whom time that may have been billed has to be rated again, and from when on: customer, event name, milliseconds. */
  readonly late: string;
  /** Whose alerts and thresholds have to be looked at: customer, meter. */
  readonly watched: string;
  readonly due: ReadonlyMap<DueKind, Date>;
}

/** Notes `late` that are `$1`, by the clock of `$2`. */
export const NOTE_LATE = `
  INSERT INTO usage_late (customer_id, event_name, occurred_from, noted_at)
  SELECT r ->> 0, r ->> 1, to_timestamp((r ->> 2)::double precision / 1000), $2::timestamptz
  FROM jsonb_array_elements($1::jsonb) AS r ORDER BY (r ->> 0) COLLATE "C", (r ->> 1) COLLATE "C"
  ON CONFLICT (customer_id, event_name)
    DO UPDATE SET occurred_from = least(usage_late.occurred_from, excluded.occurred_from)`;

/**
 * Notes `watched` that are `$1`, by the clock of `$2`. The rows are taken until this commits, also those that were there:
 * a look that is just beginning waits, and sees these events.
 */
export const NOTE_WATCHED = `
  INSERT INTO usage_alert_checks (customer_id, meter_id, due_at)
  SELECT r ->> 0, r ->> 1, $2::timestamptz
  FROM jsonb_array_elements($1::jsonb) AS r ORDER BY (r ->> 0) COLLATE "C", (r ->> 1) COLLATE "C"
  ON CONFLICT (customer_id, meter_id) DO UPDATE SET due_at = usage_alert_checks.due_at`;

/** What new events have to be noted for. */
export function notesOf(ctx: Pick<TenantContext, 'clock'>, events: readonly CountedEvent[]): EventNotes {
  const late = new Map<string, [string, string, number]>();
  const watched = new Map<string, [string, string]>();
  for (const { event, customer, meters } of events) {
    const { occurredAt, eventName } = event;
    if (customer.billedUntil !== null && occurredAt < customer.billedUntil.getTime()) {
      const known = late.get(`${customer.id} ${eventName}`);
      if (!known) late.set(`${customer.id} ${eventName}`, [customer.id, eventName, occurredAt]);
      else known[2] = Math.min(known[2], occurredAt);
    }
    for (const meter of meters) {
      if (!meter.watched && !customer.hasThreshold) continue;
      watched.set(`${customer.id} ${meter.id}`, [customer.id, meter.id]);
    }
  }
  const now = ctx.clock.now();
  const due = new Map<DueKind, Date>();
  // The next billing of a customer bills it. It comes due by itself where none is to come: looked at then, not now.
  if (late.size > 0) due.set('invoices', new Date(now.getTime() + LATE_USAGE_PATIENCE_MS));
  if (watched.size > 0) due.set('usage_alerts', now);
  return { late: JSON.stringify([...late.values()]), watched: JSON.stringify([...watched.values()]), due };
}

/** Notes what new events have to be noted for. */
export async function noteEvents(
  ctx: TenantContext,
  tx: TenantTransaction,
  events: readonly CountedEvent[],
): Promise<void> {
  const { late, watched, due } = notesOf(ctx, events);
  const now = ctx.clock.now();
  if (due.has('invoices')) await tx.db.$executeRawUnsafe(NOTE_LATE, late, now);
  if (due.has('usage_alerts')) await tx.db.$executeRawUnsafe(NOTE_WATCHED, watched, now);
  for (const [kind, at] of due) tx.due(kind, at);
}
