import { localDate, type Period } from './periods.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

interface Day {
  day: string;
  month: string;
  year: string;
}

/** The day an instant falls on, for people to read: `31 January 2026`. The month in words, because 3/4 is two days. */
export function printDate(instant: Date, timeZone: string): string {
  const { day, month, year } = dayOf(instant, timeZone);
  return `${day} ${month} ${year}`;
}

/** A period by its first and last day: `1 – 31 January 2026`. The end is exclusive, so the last day is the one before. */
export function printPeriod(period: Period, timeZone: string): string {
  const first = dayOf(period.start, timeZone);
  const last = dayOf(new Date(Math.max(period.start.getTime(), period.end.getTime() - 1)), timeZone);
  const lastText = `${last.day} ${last.month} ${last.year}`;
  if (first.year !== last.year) return `${first.day} ${first.month} ${first.year} – ${lastText}`;
  if (first.month !== last.month) return `${first.day} ${first.month} – ${lastText}`;
  return first.day === last.day ? lastText : `${first.day} – ${lastText}`;
}

function dayOf(instant: Date, timeZone: string): Day {
  const [year = '', month = '', day = ''] = localDate(instant, timeZone).split('-');
  return { day: String(Number(day)), month: MONTHS[Number(month) - 1] ?? month, year };
}
