import { describe, expect, it } from 'vitest';

import { type Alignment, alignAnchor, firstPeriod } from './alignment.js';
import {
  addDays,
  type Cycle,
  type Interval,
  localDate,
  localDaysBetween,
  type Period,
  periodAt,
  periodIndexContaining,
} from './periods.js';

const ZONES = [
  'Africa/Lagos',
  'Africa/Nairobi',
  'Africa/Accra',
  'Africa/Johannesburg',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Pacific/Apia',
  'America/Santiago',
  'Europe/London',
  'Australia/Lord_Howe',
];
/** A leap year, the year of Apia's missing day, and the years in which Egypt took its summer time back. */
const STARTS = ['2011-01', '2023-01', '2024-01', '2026-01'];
const RHYTHMS: [Interval, Alignment][] = [
  ['day', 'anniversary'],
  ['week', 'calendar'],
  ['month', 'anniversary'],
  ['month', 'calendar'],
  ['quarter', 'anniversary'],
  ['half_year', 'calendar'],
  ['year', 'anniversary'],
];

/** The periods of 24 months from a start, the first of them a stub where the anchor lies before. */
function periodsOf(cycle: Cycle, startsAt: Date, until: Date): Period[] {
  const first = firstPeriod(cycle, startsAt);
  const periods = [first.period];
  for (let n = first.index + 1; (periods.at(-1)?.end ?? until) < until; n++) periods.push(periodAt(cycle, n));
  return periods;
}

/** That its first and last instant are asked back as the same period; one of no length holds no instant to ask for. */
function isOneOf(cycle: Cycle, { start, end }: Period): boolean {
  if (+start === +end) return true;
  const last = new Date(end.getTime() - 1);
  return start < end && periodIndexContaining(cycle, start) === periodIndexContaining(cycle, last);
}

describe.each(ZONES)('24 months in %s', (timeZone) => {
  it.each(RHYTHMS)('of a %s by %s: no gap, no overlap, every day once', (interval, alignment) => {
    for (const month of STARTS) {
      for (const day of [28, 29, 30, 31]) {
        const startDate = `${month}-${day}`;
        const anchorDate = alignAnchor({ startDate, interval, count: 1, alignment });
        const cycle: Cycle = { anchorDate, interval, count: 1, timeZone };
        const startsAt = new Date(`${startDate}T00:00:00Z`);
        const until = new Date(startsAt.getTime() + 730 * 86_400_000);
        const periods = periodsOf(cycle, startsAt, until);
        const end = periods.at(-1)?.end ?? until;
        const days = periods.reduce(
          (sum, period) => sum + localDaysBetween(period.start, period.end, timeZone),
          0,
        );
        expect(periods.filter((period, n) => n > 0 && +period.start !== +(periods[n - 1]?.end ?? 0))).toEqual(
          [],
        );
        expect(periods.filter((period) => !isOneOf(cycle, period))).toEqual([]);
        expect(end >= until).toBe(true);
        expect(addDays(localDate(startsAt, timeZone), days)).toBe(localDate(end, timeZone));
      }
    }
  });
});
