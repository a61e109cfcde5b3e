import { bucketsOver, calendarBucket } from '../../domain/calendar/buckets.js';
import { dateInMonth, formatDate, monthNumber, parseDate } from '../../domain/calendar/civil-date.js';
import { addDays, localDate, type Period, startOfLocalDate } from '../../domain/calendar/periods.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { AnalyticsQuery } from './analytics.schemas.js';

const BUCKETS_MAX = 400;

/** The time that figures are of. */
export interface AnalyticsRange {
  /** The local dates of its first and its last day. */
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly groupBy: AnalyticsQuery['groupBy'];
  /** From the first instant of the first day to the end of the last. */
  readonly whole: Period;
  /** Its days, weeks or months; the first and the last only as far as they lie in it. */
  readonly buckets: readonly Period[];
}

/**
 * Reads which time is asked for. Without dates it is the twelve months up to today, this one included.
 * @throws invalidRequest
 */
export function readRange(ctx: TenantContext, query: AnalyticsQuery): AnalyticsRange {
  const timeZone = query.timeZone ?? ctx.tenant.timeZone;
  const to = query.to ?? localDate(ctx.clock.now(), timeZone);
  const from = query.from ?? elevenMonthsBefore(to);
  if (from > to) throw refuse('?to', 'must not be before `from`');
  const whole = {
    start: startOfLocalDate(from, timeZone),
    end: startOfLocalDate(addDays(to, 1), timeZone),
  };
  const buckets = bucketsOver(whole, calendarBucket(query.groupBy, timeZone), BUCKETS_MAX);
  if (!buckets)
    throw refuse('?groupBy', `makes more than ${BUCKETS_MAX} parts of this time; ask for less at once`);
  const clipped = buckets.map(({ start, end }) => ({
    start: start < whole.start ? whole.start : start,
    end: end > whole.end ? whole.end : end,
  }));
  return { from, to, timeZone, groupBy: query.groupBy, whole, buckets: clipped };
}

/** Where the parts of a range begin, and where the last one ends: what `width_bucket` numbers moments by, from 1. */
export function boundsOf({ buckets, whole }: Pick<AnalyticsRange, 'buckets' | 'whole'>): string[] {
  return [...buckets.map(({ start }) => start.toISOString()), whole.end.toISOString()];
}

function elevenMonthsBefore(date: string): string {
  return formatDate(dateInMonth(monthNumber(parseDate(date)) - 11, 1));
}

function refuse(pointer: string, message: string): Error {
  return invalidRequest('There are no such figures.', {
    errors: [{ pointer, code: 'out_of_range', message }],
  });
}
