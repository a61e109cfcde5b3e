import { Temporal } from 'temporal-polyfill';

export type Interval = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** The rhythm of a subscription. Period n is counted from the anchor, never chained from the period before. */
export interface Cycle {
  /** Local calendar date in `timeZone` (YYYY-MM-DD); a period starts at its local midnight. */
  readonly anchorDate: string;
  readonly interval: Interval;
  readonly count: number;
  readonly timeZone: string;
}

/** Half-open: the end is the first instant of the next period. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** How long `steps` intervals are, in the unit that the calendar adds. */
const DURATION: Record<Interval, (steps: number) => Temporal.DurationLike> = {
  day: (steps) => ({ days: steps }),
  week: (steps) => ({ weeks: steps }),
  month: (steps) => ({ months: steps }),
  quarter: (steps) => ({ months: 3 * steps }),
  year: (steps) => ({ years: steps }),
};

/** Intervals between two dates, roughly: only a first guess at a period's number. */
const ELAPSED: Record<Interval, (from: Temporal.PlainDate, to: Temporal.PlainDate) => number> = {
  day: (from, to) => from.until(to, { largestUnit: 'day' }).days,
  week: (from, to) => from.until(to, { largestUnit: 'week' }).weeks,
  month: (from, to) => from.until(to, { largestUnit: 'month' }).months,
  quarter: (from, to) => from.until(to, { largestUnit: 'month' }).months / 3,
  year: (from, to) => from.until(to, { largestUnit: 'year' }).years,
};

/**
 * The instant at which period `n` starts: n intervals after the anchor by the calendar, the day clamped to the
 * month's length (31 January, 28 February, 31 March), at local midnight. Where the clocks skip midnight it is the
 * first instant of that day, where midnight comes twice the earlier one.
 */
export function periodBound(cycle: Cycle, n: number): Date {
  assertWhole(n, 'A period number');
  return startOfLocalDay(anchorOf(cycle).add(DURATION[cycle.interval](n * cycle.count)), cycle.timeZone);
}

/** Period `n` of a cycle, `[bound(n), bound(n + 1))`. Negative numbers reach back before the anchor. */
export function periodAt(cycle: Cycle, n: number): Period {
  return { start: periodBound(cycle, n), end: periodBound(cycle, n + 1) };
}

/** The number of the period that an instant lies in: the inverse of `periodAt`. */
export function periodIndexContaining(cycle: Cycle, instant: Date): number {
  const local = plainDateAt(instant, cycle.timeZone);
  let n = Math.floor(ELAPSED[cycle.interval](anchorOf(cycle), local) / cycle.count);
  // The guess is off by one around clamped month ends and where a day does not start at 00:00.
  while (periodBound(cycle, n) > instant) n -= 1;
  while (periodBound(cycle, n + 1) <= instant) n += 1;
  return n;
}

/** The calendar date (YYYY-MM-DD) that an instant falls on in a time zone. */
export function localDate(instant: Date, timeZone: string): string {
  return plainDateAt(instant, timeZone).toString();
}

/** The instant some calendar days later (or earlier) at the same local time of day. */
export function addLocalDays(instant: Date, days: number, timeZone: string): Date {
  assertWhole(days, 'A number of days');
  return new Date(zoned(instant, timeZone).add({ days }).epochMilliseconds);
}

/** Whether a text is the name of a time zone of the IANA database, such as `Africa/Lagos`. Offsets are not. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return plainDateAt(new Date(0), text) !== undefined;
  } catch {
    return false;
  }
}

function anchorOf(cycle: Cycle): Temporal.PlainDate {
  assertWhole(cycle.count, 'The count of a cycle');
  if (cycle.count < 1) throw new RangeError('The count of a cycle must be at least 1.');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(cycle.anchorDate)) {
    throw new RangeError(`"${cycle.anchorDate}" is not a calendar date (YYYY-MM-DD).`);
  }
  return Temporal.PlainDate.from(cycle.anchorDate);
}

function startOfLocalDay(date: Temporal.PlainDate, timeZone: string): Date {
  return new Date(date.toZonedDateTime({ timeZone }).epochMilliseconds);
}

function plainDateAt(instant: Date, timeZone: string): Temporal.PlainDate {
  return zoned(instant, timeZone).toPlainDate();
}

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
}

function assertWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} must be a whole number.`);
}
