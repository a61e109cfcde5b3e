import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { AnalyticsRange } from './analytics-range.js';

/** How many subscriptions began, ended and lived in a part of a range, numbered from 1. */
export interface LifeFigures {
  readonly bucket: number;
  readonly started: number;
  readonly trialsStarted: number;
  readonly trialsEnded: number;
  readonly trialsConverted: number;
  readonly liveAtStart: number;
  readonly churned: number;
  readonly ended: number;
  readonly liveAtEnd: number;
}

/** How many subscriptions of a month's beginning ended in which month; null for those that have not. */
export interface CohortFigures {
  readonly cohort: string;
  readonly ended: string | null;
  readonly subscriptions: number;
}

/** Subscriptions by status at this moment. */
export async function statusFigures({ db }: TenantContext): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ status: string; subscriptions: number }[]>`
    SELECT status, count(*)::int AS subscriptions FROM subscriptions WHERE status <> 'canceled' GROUP BY status
    UNION ALL
    SELECT 'canceling', count(*)::int FROM subscriptions
    WHERE status <> 'canceled' AND (cancel_at_period_end OR cancel_at IS NOT NULL)`;
  return new Map(rows.map(({ status, subscriptions }) => [status, subscriptions]));
}

/**
 * The life of subscriptions in spans of time. One is live from the end of its trial, or from its start, until it ends;
 * one that ended in its trial never was. Each subscription is counted by its rows as they are now.
 */
export function lifeFigures({ db }: TenantContext, spans: AnalyticsRange['buckets']): Promise<LifeFigures[]> {
  const starts = spans.map(({ start }) => start.toISOString());
  const ends = spans.map(({ end }) => end.toISOString());
  return db.$queryRaw<LifeFigures[]>`
    WITH lives AS MATERIALIZED (
      SELECT started_at AS began, trial_ends_at AS trial_end, ended_at AS ended,
        COALESCE(trial_ends_at, started_at) AS live_from
      FROM subscriptions WHERE status <> 'scheduled'
    )
    SELECT span.n::int AS bucket,
      count(*) FILTER (WHERE began >= s AND began < e)::int AS started,
      count(*) FILTER (WHERE began >= s AND began < e AND trial_end > began)::int AS "trialsStarted",
      count(*) FILTER (WHERE trial_end > began AND LEAST(trial_end, ended) >= s AND LEAST(trial_end, ended) < e)::int
        AS "trialsEnded",
      count(*) FILTER (WHERE trial_end > began AND trial_end >= s AND trial_end < e AND (ended IS NULL OR ended > trial_end))::int
        AS "trialsConverted",
      count(*) FILTER (WHERE live_from < s AND (ended IS NULL OR ended >= s))::int AS "liveAtStart",
      count(*) FILTER (WHERE live_from < s AND ended >= s AND ended < e)::int AS churned,
      count(*) FILTER (WHERE ended >= s AND ended < e)::int AS ended,
      count(*) FILTER (WHERE live_from < e AND (ended IS NULL OR ended >= e))::int AS "liveAtEnd"
    FROM unnest(${starts}::timestamptz[], ${ends}::timestamptz[]) WITH ORDINALITY AS span (s, e, n)
    LEFT JOIN lives ON began < e AND (ended IS NULL OR ended >= s)
    GROUP BY span.n ORDER BY span.n`;
}

/** Cohorts by the local month from which on subscriptions were paid for, as far as that lies in the range. */
export function cohortFigures({ db }: TenantContext, range: AnalyticsRange): Promise<CohortFigures[]> {
  const { timeZone, whole } = range;
  return db.$queryRaw<CohortFigures[]>`
    SELECT to_char(live_from AT TIME ZONE ${timeZone}, 'YYYY-MM') AS cohort,
      to_char(ended_at AT TIME ZONE ${timeZone}, 'YYYY-MM') AS ended, count(*)::int AS subscriptions
    FROM (
      SELECT COALESCE(trial_ends_at, started_at) AS live_from, ended_at FROM subscriptions
      WHERE status NOT IN ('scheduled', 'trialing')
    ) lives
    WHERE live_from >= ${whole.start} AND live_from < ${whole.end} AND (ended_at IS NULL OR ended_at > live_from)
    GROUP BY cohort, ended ORDER BY cohort, ended`;
}
