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
 * The life of subscriptions between each of these moments and the next. One is live from the end of its trial, or from its
 * start, until it ends; one that ended in its trial never was. Each subscription is counted by its rows as they are now.
 *
 * Each is looked at once, however many parts there are: what it does in which part, and that from one part on it lives and
 * from another on no more. Who lives is then the sum of all that was before.
 */
export function lifeFigures({ db }: TenantContext, bounds: readonly string[]): Promise<LifeFigures[]> {
  return db.$queryRaw<LifeFigures[]>`
    WITH lives AS (
      SELECT width_bucket(started_at, b) AS began, width_bucket(ended_at, b) AS ended,
        width_bucket(COALESCE(trial_ends_at, started_at), b) AS live_from,
        width_bucket(CASE WHEN ended_at IS NOT NULL THEN GREATEST(ended_at, trial_ends_at, started_at) END, b) AS live_until,
        CASE WHEN trial_ends_at > started_at THEN width_bucket(LEAST(trial_ends_at, ended_at), b) END AS trial_over,
        CASE WHEN trial_ends_at > started_at AND (ended_at IS NULL OR ended_at > trial_ends_at)
          THEN width_bucket(trial_ends_at, b) END AS converted,
        trial_ends_at > started_at AS on_trial
      FROM subscriptions, (SELECT ${[...bounds]}::timestamptz[] AS b) bounds WHERE status <> 'scheduled'
    ), done AS (
      SELECT m.bucket, sum(m.started)::int AS started, sum(m.trials_started)::int AS trials_started,
        sum(m.trials_over)::int AS trials_over, sum(m.converted)::int AS converted, sum(m.churned)::int AS churned,
        sum(m.ended)::int AS ended, sum(m.lives)::int AS lives
      FROM lives l CROSS JOIN LATERAL (VALUES
        (l.began, CASE WHEN l.ended IS NULL OR l.ended >= l.began THEN 1 ELSE 0 END,
          CASE WHEN l.on_trial AND (l.ended IS NULL OR l.ended >= l.began) THEN 1 ELSE 0 END, 0, 0, 0, 0, 0),
        (l.trial_over, 0, 0, CASE WHEN l.trial_over >= l.began THEN 1 ELSE 0 END, 0, 0, 0, 0),
        (l.converted, 0, 0, 0, 1, 0, 0, 0),
        (l.ended, 0, 0, 0, 0, CASE WHEN l.live_from < l.ended THEN 1 ELSE 0 END,
          CASE WHEN l.began <= l.ended THEN 1 ELSE 0 END, 0),
        (l.live_from, 0, 0, 0, 0, 0, 0, 1),
        (l.live_until, 0, 0, 0, 0, 0, 0, -1)
      ) AS m (bucket, started, trials_started, trials_over, converted, churned, ended, lives)
      WHERE m.bucket IS NOT NULL GROUP BY m.bucket
    )
    SELECT * FROM (
      SELECT n::int AS bucket, COALESCE(started, 0) AS started, COALESCE(trials_started, 0) AS "trialsStarted",
        COALESCE(trials_over, 0) AS "trialsEnded", COALESCE(converted, 0) AS "trialsConverted",
        (COALESCE(sum(lives) OVER (ORDER BY n), 0) - COALESCE(lives, 0))::int AS "liveAtStart",
        COALESCE(churned, 0) AS churned, COALESCE(ended, 0) AS ended,
        COALESCE(sum(lives) OVER (ORDER BY n), 0)::int AS "liveAtEnd"
      FROM generate_series(0, ${bounds.length - 1}) n LEFT JOIN done ON done.bucket = n
    ) counted WHERE bucket > 0 ORDER BY bucket`;
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
