import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { CountedEvent } from './judge-event.js';
import { NOTE_LATE, NOTE_WATCHED, noteEvents, notesOf } from './note-events.js';

/** The columns of the events that are `$1`. */
const GIVEN = `
  SELECT r ->> 0 AS t, r ->> 1 AS e, r ->> 2 AS c, r ->> 3 AS s,
    to_timestamp((r ->> 4)::double precision / 1000)::timestamptz(3) AS o, r -> 5 AS p
  FROM jsonb_array_elements($1::jsonb) AS r`;

const EVENT_COLUMNS =
  'transaction_id, event_name, customer_id, subscription_id, occurred_at, received_at, properties';

/**
 * Stores the events that are `$1`, by the clock of `$2`, and notes `$3` and `$4`. The keys come first, and without ON CONFLICT,
 * which looks each of them up twice and writes it to the log twice: a fifth of what all of it costs.
 */
const STORE_NEW = `
  WITH given AS MATERIALIZED (${GIVEN}), stored AS (
    INSERT INTO usage_events (${EVENT_COLUMNS}) SELECT t, e, c, s, o, $2::timestamptz, p FROM given
  ), watched AS (${NOTE_WATCHED.replace('$1', '$4')}
  ), late AS (${NOTE_LATE.replace('$1', '$3')}
  )
  INSERT INTO usage_keys (transaction_id, occurred_at) SELECT t, o FROM given`;

/** Stores those of the events that are `$1` which are not there yet, by the clock of `$2`, and answers the ids of the others. */
const STORE_UNKNOWN = `
  WITH given AS MATERIALIZED (${GIVEN}), kept AS (
    INSERT INTO usage_keys (transaction_id, occurred_at) SELECT t, o FROM given
    ON CONFLICT DO NOTHING
    RETURNING transaction_id
  ), stored AS (
    INSERT INTO usage_events (${EVENT_COLUMNS})
    SELECT t, e, c, s, o, $2::timestamptz, p FROM given JOIN kept ON kept.transaction_id = given.t
  )
  SELECT t AS transaction_id FROM given WHERE NOT EXISTS (SELECT FROM kept WHERE kept.transaction_id = given.t)`;

/**
 * Stores the events that are not there yet, with what has to be noted for them, and answers the ids of those that were
 * there. Nearly always none was: that is tried first, in one statement, which stores nothing at all where one was.
 */
export async function storeEvents(
  ctx: TenantContext,
  events: readonly CountedEvent[],
): Promise<ReadonlySet<string>> {
  const rows = rowsOf(events);
  if (await storeNew(ctx, events, rows)) return new Set();
  return ctx.transaction(async (tx) => {
    const known = await storeUnknown(ctx, tx, rows);
    await noteEvents(
      ctx,
      tx,
      events.filter(({ event }) => !known.has(event.transactionId)),
    );
    return known;
  });
}

/** Answers false when one of the events was there: then none is stored, and nothing noted. */
async function storeNew(ctx: TenantContext, events: readonly CountedEvent[], rows: string): Promise<boolean> {
  const { late, watched, due } = notesOf(ctx, events);
  try {
    await ctx.write({ text: STORE_NEW, values: [rows, ctx.clock.now(), late, watched] }, due);
    return true;
  } catch (error) {
    if (isKnownKey(error)) return false;
    throw error;
  }
}

async function storeUnknown(ctx: TenantContext, tx: TenantTransaction, rows: string): Promise<Set<string>> {
  const known = await tx.db.$queryRawUnsafe<{ transaction_id: string }[]>(
    STORE_UNKNOWN,
    rows,
    ctx.clock.now(),
  );
  return new Set(known.map(({ transaction_id }) => transaction_id));
}

/** Of the tables that are written to only the keys refuse what is there twice: notes are updated. */
function isKnownKey(error: unknown): boolean {
  return sqlStateOf(error) === SQL_STATE.uniqueViolation || violatedUniqueIndex(error) !== null;
}

/**
 * The events as JSON, in the order of their ids. Their keys are taken in it, so that two batches with the same events
 * wait for each other rather than lock each other out.
 */
function rowsOf(events: readonly CountedEvent[]): string {
  const rows = events.map(
    ({ event, customer, subscriptionId }) =>
      [
        event.transactionId,
        event.eventName,
        customer.id,
        subscriptionId,
        event.occurredAt,
        event.properties,
      ] as const,
  );
  return JSON.stringify(rows.sort(([one], [other]) => (one < other ? -1 : 1)));
}
