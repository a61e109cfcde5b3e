import { Decimal } from '../../domain/money/decimal.js';
import { monthNumber, parseDate } from '../../domain/calendar/civil-date.js';
import { localDate } from '../../domain/calendar/periods.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { boundsOf, readRange } from './analytics-range.js';
import type { AnalyticsQuery } from './analytics.schemas.js';
import {
  type CohortFigures,
  cohortFigures,
  lifeFigures,
  type LifeFigures,
  statusFigures,
} from './subscription-figures.js';
import type { LifeWire, SubscriptionAnalyticsWire } from './subscriptions.schemas.js';

/**
 * How many subscriptions there are, began and ended in the parts of a time, and how many of each month's are left.
 * @throws invalidRequest
 */
export async function readSubscriptions(
  ctx: TenantContext,
  query: Omit<AnalyticsQuery, 'currency'>,
): Promise<SubscriptionAnalyticsWire> {
  const range = readRange(ctx, query);
  const { from, to, timeZone, groupBy, buckets, whole } = range;
  const [now, lives, [all], cohorts] = await Promise.all([
    statusFigures(ctx),
    lifeFigures(ctx, boundsOf(range)),
    lifeFigures(ctx, boundsOf({ buckets: [whole], whole })),
    cohortFigures(ctx, range),
  ]);
  if (!all) throw new Error('The figures of the whole range are missing.');
  const wires = lives.map(lifeWire);
  const totals = lifeWire(all);
  const data = buckets.map(({ start, end }, index) => ({
    start: start.toISOString(),
    end: end.toISOString(),
    ...(wires[index] ?? totals),
  }));
  const count = (status: string) => now.get(status) ?? 0;
  const thisMonth = localDate(ctx.clock.now(), timeZone).slice(0, 7);
  return {
    object: 'subscription_analytics',
    from,
    to,
    timeZone,
    groupBy,
    now: {
      scheduled: count('scheduled'),
      trialing: count('trialing'),
      active: count('active'),
      paused: count('paused'),
      canceling: count('canceling'),
    },
    totals,
    data,
    cohorts: cohortsOf(cohorts, thisMonth),
  };
}

function lifeWire(figures: LifeFigures): LifeWire {
  const { churned, liveAtStart } = figures;
  return { ...figures, churnRate: liveAtStart === 0 ? null : shareOf(churned, liveAtStart) };
}

function shareOf(part: number, whole: number): string {
  return new Decimal(part).dividedBy(whole).toDecimalPlaces(6).toFixed();
}

function cohortsOf(figures: readonly CohortFigures[], thisMonth: string) {
  const months = [...new Set(figures.map(({ cohort }) => cohort))];
  return months.map((month) => {
    const own = figures.filter(({ cohort }) => cohort === month);
    const size = own.reduce((sum, { subscriptions }) => sum + subscriptions, 0);
    const length = Math.max(monthsFrom(month, thisMonth), 0) + 1;
    const retained = Array.from({ length }, (_, age) => {
      const gone = own.filter(({ ended }) => ended !== null && monthsFrom(month, ended) <= age);
      return size - gone.reduce((sum, { subscriptions }) => sum + subscriptions, 0);
    });
    return { month, size, retained };
  });
}

/** How many months lie between two of them, each as `2026-01`. */
function monthsFrom(from: string, to: string): number {
  return monthNumber(parseDate(`${to}-01`)) - monthNumber(parseDate(`${from}-01`));
}
