import {
  DAY_MS,
  dateInMonth,
  formatDate,
  fromDayNumber,
  monthNumber,
  parseDate,
  toDayNumber,
  type CivilDate,
  type DayNumber,
} from './civil-date.js';
import { instantOfLocal, offsetAt } from './zone-offsets.js';

export type Interval = 'day' | 'week' | 'month' | 'quarter' | 'half_year' | 'year';

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

/** How long an interval is, in the unit that the calendar adds. */
const LENGTH: Record<Interval, { readonly unit: 'days' | 'months'; readonly units: number }> = {
  day: { unit: 'days', units: 1 },
  week: { unit: 'days', units: 7 },
  month: { unit: 'months', units: 1 },
  quarter: { unit: 'months', units: 3 },
  half_year: { unit: 'months', units: 6 },
  year: { unit: 'months', units: 12 },
};

/**
 * The instant at which period `n` starts: n intervals after the anchor by the calendar, the day clamped to the
 * month's length (31 January, 28 February, 31 March), at local midnight. Where the clocks skip midnight it is the
 * first instant of that day, where midnight comes twice the earlier one.
 * @throws RangeError for a cycle or a number that is not one.
 */
export function periodBound(cycle: Cycle, n: number): Date {
  assertWhole(n, 'A period number');
  return startOfDay(toDayNumber(boundDate(cycle, n)), cycle.timeZone);
}

/** Period `n` of a cycle, `[bound(n), bound(n + 1))`. Negative numbers reach back before the anchor. */
export function periodAt(cycle: Cycle, n: number): Period {
  return { start: periodBound(cycle, n), end: periodBound(cycle, n + 1) };
}

/** The number of the period that an instant lies in: the inverse of `periodAt`. */
export function periodIndexContaining(cycle: Cycle, instant: Date): number {
  assertCount(cycle);
  const { unit, units } = LENGTH[cycle.interval];
  const [anchor, local] = [parseDate(cycle.anchorDate), localDayNumber(instant, cycle.timeZone)];
  const elapsed =
    unit === 'days' ? local - toDayNumber(anchor) : monthNumber(fromDayNumber(local)) - monthNumber(anchor);
  let n = Math.floor(elapsed / (units * cycle.count));
  // The guess is off by one within a month, around clamped month ends and where a day does not start at 00:00.
  while (periodBound(cycle, n) > instant) n -= 1;
  while (periodBound(cycle, n + 1) <= instant) n += 1;
  return n;
}

/** The calendar date (YYYY-MM-DD) that an instant falls on in a time zone. */
export function localDate(instant: Date, timeZone: string): string {
  return formatDate(fromDayNumber(localDayNumber(instant, timeZone)));
}

/** The first instant of a local calendar date (YYYY-MM-DD). */
export function startOfLocalDate(date: string, timeZone: string): Date {
  return startOfDay(toDayNumber(parseDate(date)), timeZone);
}

/** The calendar date some days after (or before) another. */
export function addDays(date: string, days: number): string {
  assertWhole(days, 'A number of days');
  return formatDate(fromDayNumber(toDayNumber(parseDate(date)) + days));
}

/** The instant some calendar days later (or earlier) at the same local time of day. */
export function addLocalDays(instant: Date, days: number, timeZone: string): Date {
  assertWhole(days, 'A number of days');
  const localMs = instant.getTime() + offsetAt(instant.getTime(), timeZone);
  // A local time that comes twice stays the one it was, where nothing is added.
  if (days === 0) return new Date(instant.getTime());
  return validDate(instantOfLocal(localMs + days * DAY_MS, timeZone, 'shifted'));
}

/**
 * Local midnights from one instant to another: how many calendar days lie between them, however long each was.
 * Below zero when `to` is on an earlier day.
 */
export function localDaysBetween(from: Date, to: Date, timeZone: string): number {
  return localDayNumber(to, timeZone) - localDayNumber(from, timeZone);
}

/** Whether a text is the name of a time zone of the IANA database, such as `Africa/Lagos`. Offsets are not. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return Number.isFinite(offsetAt(0, text));
  } catch {
    return false;
  }
}

function boundDate(cycle: Cycle, n: number): CivilDate {
  assertCount(cycle);
  const anchor = parseDate(cycle.anchorDate);
  const { unit, units } = LENGTH[cycle.interval];
  const steps = n * cycle.count * units;
  if (unit === 'months') return dateInMonth(monthNumber(anchor) + steps, anchor.day);
  return fromDayNumber(toDayNumber(anchor) + steps);
}

function startOfDay(day: DayNumber, timeZone: string): Date {
  return validDate(instantOfLocal(day * DAY_MS, timeZone, 'first_instant'));
}

function localDayNumber(instant: Date, timeZone: string): DayNumber {
  const epochMs = instant.getTime();
  return Math.floor((epochMs + offsetAt(epochMs, timeZone)) / DAY_MS);
}

function validDate(epochMs: number): Date {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) throw new RangeError('The date is beyond the calendar.');
  return date;
}

function assertCount(cycle: Cycle): void {
  assertWhole(cycle.count, 'The count of a cycle');
  if (cycle.count < 1) throw new RangeError('The count of a cycle must be at least 1.');
}

function assertWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} must be a whole number.`);
}
