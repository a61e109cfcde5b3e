import { Prisma } from '@nova/prisma-tenant';

import { OPERATION_PROPERTY, REMOVE_OPERATION, type MeterTerms } from '../../domain/usage/meter-terms.js';
import { filterSql, numbered, propertyOf, textOf } from './event-sql.js';

/** One row of what is asked for, as the arrays of a statement have it. */
export interface AskedWindows {
  readonly keys: string[];
  readonly customerIds: (string | null)[];
  readonly subscriptionIds: (string | null)[];
  /** ISO 8601; half-open. */
  readonly starts: string[];
  readonly ends: string[];
}

export interface AggregateStatement {
  readonly terms: MeterTerms;
  readonly eventName: string;
  /** Null, or when the meter was archived: what came later is another meter's that has taken the name of its events. */
  readonly until: Date | null;
  readonly groupBy: readonly string[];
  readonly events: 'none' | 'values';
  readonly asked: AskedWindows;
}

/** A row of the answer. Numbers are texts, because a NUMERIC has more digits than a driver keeps. */
export interface AggregateRow {
  readonly key: string;
  /** The values of `groupBy`, in its order; an absent property is ''. */
  readonly groups: string[];
  /** Of a weighted sum still to be divided by the milliseconds of the period. */
  readonly quantity: string;
  readonly event_count: bigint;
  readonly event_values: string[] | null;
}

/**
 * The statement that aggregates every window at once, each by an index of its own events, so that it matters little how
 * PostgreSQL guesses their number. A window without groups answers also when it has no events. An event without a
 * subscription counts for whichever of the customer's subscriptions is asked for.
 */
export function aggregateSql(statement: AggregateStatement): Prisma.Sql {
  const { terms, events, groupBy, asked } = statement;
  const source = valuedSql(statement);
  const values =
    events === 'values'
      ? Prisma.sql`array_agg(coalesce(value, 0)::text ORDER BY occurred_at, received_at, transaction_id)`
      : Prisma.sql`NULL::text[]`;
  return Prisma.sql`
    SELECT a.key, totals.*
    FROM unnest(${asked.keys}::text[], ${asked.customerIds}::text[], ${asked.subscriptionIds}::text[],
        ${asked.starts}::timestamptz[], ${asked.ends}::timestamptz[])
      AS a(key, customer_id, subscription_id, from_at, to_at)
    CROSS JOIN LATERAL (
      SELECT ${groupBy.length === 0 ? Prisma.sql`'{}'::text[] AS groups` : Prisma.sql`groups`},
        (${quantitySql(terms)})::text AS quantity,
        count(*) FILTER (WHERE occurred_at >= a.from_at) AS event_count,
        ${terms.aggregation === 'weighted_sum' && events === 'values' ? insideOnly(values) : values} AS event_values
      FROM (${terms.aggregation === 'unique_count' ? lastMarked(source) : source}) AS counted
      ${groupBy.length === 0 ? Prisma.empty : Prisma.sql`GROUP BY groups`}) AS totals`;
}

function quantitySql({ aggregation }: MeterTerms): Prisma.Sql {
  switch (aggregation) {
    case 'count':
      return Prisma.sql`count(*)`;
    case 'sum':
      return Prisma.sql`coalesce(sum(value), 0)`;
    case 'max':
      return Prisma.sql`coalesce(max(value), 0)`;
    case 'latest':
      return Prisma.sql`coalesce((array_agg(value ORDER BY occurred_at DESC, received_at DESC, transaction_id DESC)
        FILTER (WHERE value IS NOT NULL))[1], 0)`;
    case 'unique_count':
      return Prisma.sql`count(*) FILTER (WHERE is_last AND is_there)`;
    case 'weighted_sum':
      return Prisma.sql`coalesce(sum(value * extract(epoch FROM a.to_at - greatest(occurred_at, a.from_at)) * 1000), 0)`;
  }
}

/** What was held when the window began is no event of it. */
function insideOnly(values: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${values} FILTER (WHERE occurred_at >= a.from_at)`;
}

/** Whether a value is there at the end is what the last event of it says. */
function lastMarked(source: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT *, row_number() OVER (PARTITION BY groups, counted_text
      ORDER BY occurred_at DESC, received_at DESC, transaction_id DESC) = 1 AS is_last
    FROM (${source}) AS events`;
}

/** The events of a window with the number of each, which a count does not look for. */
function valuedSql(statement: AggregateStatement): Prisma.Sql {
  const { aggregation, property } = statement.terms;
  if (aggregation === 'count' || property === null)
    return eventsSql(statement, Prisma.sql`1::numeric AS value`);
  if (aggregation !== 'unique_count') {
    return numbered(eventsSql(statement, Prisma.sql`${propertyOf(property)} AS given`));
  }
  const text = textOf(property);
  return numbered(
    eventsSql(
      statement,
      Prisma.sql`${propertyOf(property)} AS given, ${text} AS counted_text, ${text} IS NOT NULL
        AND (${textOf(OPERATION_PROPERTY)}) IS DISTINCT FROM ${REMOVE_OPERATION}::text AS is_there`,
    ),
  );
}

/**
 * The events of the window `a`. The bounds of all windows together are said once more as constants: by them PostgreSQL
 * leaves out the months that no window touches.
 */
function eventsSql(
  { terms, eventName, until, groupBy, asked }: AggregateStatement,
  read: Prisma.Sql,
): Prisma.Sql {
  const earliest = asked.starts.reduce((a, b) => (a < b ? a : b));
  const latest = asked.ends.reduce((a, b) => (a > b ? a : b));
  const groups =
    groupBy.length === 0
      ? Prisma.sql`'{}'::text[]`
      : Prisma.sql`ARRAY[${Prisma.join(groupBy.map((name) => Prisma.sql`coalesce(${textOf(name)}, '')`))}]`;
  const from =
    terms.aggregation === 'weighted_sum'
      ? Prisma.empty
      : Prisma.sql`AND e.occurred_at >= a.from_at AND e.occurred_at >= ${earliest}::timestamptz`;
  return Prisma.sql`
    SELECT ${groups} AS groups, ${read}, e.occurred_at, e.received_at, e.transaction_id
    FROM usage_events e
    WHERE ${whose(asked)} AND e.event_name = ${eventName}
      AND e.occurred_at < a.to_at AND e.occurred_at < ${latest}::timestamptz ${from}
      AND (a.subscription_id IS NULL OR e.subscription_id IS NULL OR e.subscription_id = a.subscription_id)
      ${until === null ? Prisma.empty : Prisma.sql`AND e.received_at <= ${until}`} ${filterSql(terms.filters)}`;
}

/** An OR would keep PostgreSQL from the index by customer, so it is left out where it is not wanted. */
function whose({ customerIds }: AskedWindows): Prisma.Sql {
  return customerIds.includes(null)
    ? Prisma.sql`(a.customer_id IS NULL OR e.customer_id = a.customer_id)`
    : Prisma.sql`e.customer_id = a.customer_id`;
}
