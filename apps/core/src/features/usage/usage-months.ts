import type pg from 'pg';

import type { TenantContext } from '../../tenancy/tenant-context.js';

/** Databases times months that are remembered; more are asked for again, which costs a statement. */
const KNOWN_MAX = 20_000;
const MONTHS_AHEAD = 2;

/** Months that this process knows to have tables, by database. */
const known = new Set<string>();

/**
 * Makes the tables of the months that events are of, before they are stored. Without one they would stand in the rest, and
 * be moved later: nothing depends on this but speed.
 */
export async function ensureMonths(ctx: TenantContext, moments: Iterable<number>): Promise<void> {
  const months = monthsOf(moments);
  const missing = [...months].filter((month) => !known.has(`${ctx.databaseId} ${month}`)).sort();
  if (missing.length === 0) return;
  // A transaction of its own: to attach a table takes a lock that events of the rest must not wait for till they commit.
  await ctx.transaction(async (tx) => {
    for (const month of missing) await tx.db.$queryRaw`SELECT make_usage_month(${`${month}-01`}::date)`;
  });
  if (known.size + missing.length > KNOWN_MAX) known.clear();
  for (const month of missing) known.add(`${ctx.databaseId} ${month}`);
}

/** The months in UTC, as YYYY-MM. Most events are of the same one as the event before, which is all that is looked at then. */
function monthsOf(moments: Iterable<number>): Set<string> {
  const months = new Set<string>();
  let [start, end] = [0, 0];
  for (const moment of moments) {
    if (moment >= start && moment < end) continue;
    const date = new Date(moment);
    start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    months.add(date.toISOString().slice(0, 7));
  }
  return months;
}

/**
 * Makes the tables of this month and the next ones of a database, and of every month that has events in the rest: on the
 * daily visit, so that no event has to wait for its month. `now` is the machine's; a test clock is looked at as well.
 */
export async function makeMonthsAhead(pool: Pick<pg.Pool, 'query'>, now: Date): Promise<void> {
  const { rows } = await pool.query<{ month: string }>(
    `SELECT DISTINCT to_char(month, 'YYYY-MM-DD') AS month FROM (
       SELECT date_trunc('month', base AT TIME ZONE 'UTC') + make_interval(months => ahead) AS month
         FROM (SELECT $1::timestamptz AS base UNION SELECT now FROM test_clock) AS clocks, generate_series(0, $2) AS ahead
       UNION
       SELECT date_trunc('month', occurred_at AT TIME ZONE 'UTC') FROM usage_events_rest
     ) AS months ORDER BY 1`,
    [now, MONTHS_AHEAD],
  );
  for (const { month } of rows) await pool.query('SELECT make_usage_month($1::date)', [month]);
}
