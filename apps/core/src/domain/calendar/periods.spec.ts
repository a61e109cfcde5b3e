import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DUE_CASES } from './alignment.cases.js';
import { PERIOD_CASES } from './periods.cases.js';
import {
  addDays,
  addLocalDays,
  type Cycle,
  type Interval,
  isTimeZone,
  localDate,
  localDaysBetween,
  periodAt,
  periodBound,
  periodIndexContaining,
  startOfLocalDate,
} from './periods.js';

const ZONES = [
  'Africa/Lagos',
  'Africa/Nairobi',
  'Africa/Johannesburg',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Europe/London',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'America/Havana',
  'Australia/Lord_Howe',
];
const INTERVALS: Interval[] = ['day', 'week', 'month', 'quarter', 'half_year', 'year'];

function lengthOfMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function plusMonths(anchorDate: string, months: number): string {
  const [year = 0, month = 0, day = 0] = anchorDate.split('-').map(Number);
  const total = year * 12 + (month - 1) + months;
  const [y, m] = [Math.floor(total / 12), (total % 12) + 1];
  const d = Math.min(day, lengthOfMonth(y, m));
  return `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
}

/** The local date and wall-clock time of an instant, as Intl sees it: another road than the code under test. */
function wallClock(instant: Date, timeZone: string): { date: string; time: string } {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
    instant,
  );
  const [date = '', time = ''] = text.split(' ');
  return { date, time };
}

/** True of the first instant of a local day: a millisecond earlier it is another day. */
function startsItsDay(instant: Date, timeZone: string): boolean {
  return wallClock(new Date(instant.getTime() - 1), timeZone).date < wallClock(instant, timeZone).date;
}

describe('periodBound', () => {
  const anchors = ['2023-01-28', '2023-01-29', '2023-01-30', '2023-01-31', '2024-02-29', '2022-12-31'];

  for (const timeZone of ZONES) {
    it(`counts months from the anchor, clamped and never chained, in ${timeZone}`, () => {
      for (const anchorDate of anchors) {
        const cycle: Cycle = { anchorDate, interval: 'month', count: 1, timeZone };
        for (let n = 0; n <= 48; n++) {
          const bound = periodBound(cycle, n);
          expect(wallClock(bound, timeZone).date).toBe(plusMonths(anchorDate, n));
          expect(startsItsDay(bound, timeZone)).toBe(true);
        }
      }
    });
  }

  it.each([
    ['quarter', 1, '2023-11-30', ['2023-11-30', '2024-02-29', '2024-05-30', '2024-08-30', '2024-11-30']],
    ['year', 1, '2024-02-29', ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']],
    ['half_year', 1, '2023-08-31', ['2023-08-31', '2024-02-29', '2024-08-31', '2025-02-28', '2025-08-31']],
    ['month', 2, '2023-12-31', ['2023-12-31', '2024-02-29', '2024-04-30', '2024-06-30', '2024-08-31']],
    ['week', 2, '2024-02-22', ['2024-02-22', '2024-03-07', '2024-03-21', '2024-04-04', '2024-04-18']],
    ['day', 30, '2024-01-31', ['2024-01-31', '2024-03-01', '2024-03-31', '2024-04-30', '2024-05-30']],
  ] as const)('steps by %s × %i from %s', (interval, count, anchorDate, expected) => {
    const cycle: Cycle = { anchorDate, interval, count, timeZone: 'Africa/Nairobi' };
    expect(expected.map((_, n) => localDate(periodBound(cycle, n), 'Africa/Nairobi'))).toEqual(expected);
  });

  it.each([
    ['where the clocks skip midnight', 'Africa/Cairo', '2024-04-26', '2024-04-25T22:00:00.000Z', '01:00:00'],
    [
      'where the clocks skip midnight',
      'America/Sao_Paulo',
      '2018-11-04',
      '2018-11-04T03:00:00.000Z',
      '01:00:00',
    ],
    [
      'where the gap begins before midnight',
      'America/Toronto',
      '1919-03-31',
      '1919-03-31T04:30:00.000Z',
      '00:30:00',
    ],
    ['where midnight comes twice', 'America/Havana', '2024-11-03', '2024-11-03T04:00:00.000Z', '00:00:00'],
    [
      'where the day does not exist at all',
      'Pacific/Apia',
      '2011-12-30',
      '2011-12-30T10:00:00.000Z',
      '00:00:00',
    ],
    [
      'on a day on which the clocks go forward later',
      'Europe/London',
      '2024-03-31',
      '2024-03-31T00:00:00.000Z',
      '00:00:00',
    ],
    ['in the Ramadan of Morocco', 'Africa/Casablanca', '2024-03-31', '2024-03-31T00:00:00.000Z', '00:00:00'],
  ])('takes the first valid instant %s (%s, %s)', (_, timeZone, anchorDate, instant, time) => {
    const bound = periodBound({ anchorDate, interval: 'month', count: 1, timeZone }, 0);
    expect(bound.toISOString()).toBe(instant);
    expect(wallClock(bound, timeZone).time).toBe(time);
  });

  const monthly: Cycle = { anchorDate: '2024-01-31', interval: 'month', count: 1, timeZone: 'UTC' };

  it.each([
    [{ anchorDate: '2024-02-30' }, 'is a date that does not exist'],
    [{ anchorDate: '2024-1-31' }, 'is not a calendar date'],
    [{ anchorDate: '2024-01-31T00:00:00Z' }, 'is not a calendar date'],
    [{ count: 0 }, 'The count of a cycle must be at least 1.'],
    [{ count: -1 }, 'The count of a cycle must be at least 1.'],
    [{ count: 1.5 }, 'The count of a cycle must be a whole number.'],
    [{ timeZone: 'Mars/Olympus' }, 'time zone'],
  ])('refuses the cycle with %j', (change, message) => {
    const cycle: Cycle = { ...monthly, ...change };
    expect(() => periodBound(cycle, 0)).toThrow(RangeError);
    expect(() => periodBound(cycle, 0)).toThrow(message);
    expect(() => periodIndexContaining(cycle, new Date(0))).toThrow(message);
  });

  it('refuses half a period, and half a day', () => {
    expect(() => periodBound(monthly, 0.5)).toThrow('A period number must be a whole number.');
    expect(() => addDays('2024-01-31', 0.5)).toThrow('A number of days must be a whole number.');
    expect(() => addLocalDays(new Date(0), 0.5, 'UTC')).toThrow('A number of days must be a whole number.');
  });
});

describe('periods of any cycle', () => {
  const cycles = fc.record({
    anchorDate: fc
      .date({ min: new Date('1995-01-01'), max: new Date('2045-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    interval: fc.constantFrom(...INTERVALS),
    count: fc.integer({ min: 1, max: 13 }),
    timeZone: fc.constantFrom(...ZONES),
  });

  it('follow one another without gap or overlap', () => {
    fc.assert(
      fc.property(cycles, fc.integer({ min: -30, max: 60 }), (cycle, n) => {
        const [period, following] = [periodAt(cycle, n), periodAt(cycle, n + 1)];
        expect(following.start).toEqual(period.end);
        expect(period.start <= period.end).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('contain the instants that lie in them: periodIndexContaining undoes periodAt', () => {
    fc.assert(
      fc.property(
        cycles,
        fc.integer({ min: -30, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (cycle, n, at) => {
          const { start, end } = periodAt(cycle, n);
          // A day that a country skipped is a period of no length, in which no instant lies.
          fc.pre(start < end);
          const inside = Math.min(
            start.getTime() + Math.floor(at * (end.getTime() - start.getTime())),
            end.getTime() - 1,
          );
          for (const instant of [start.getTime(), inside, end.getTime() - 1]) {
            expect(periodIndexContaining(cycle, new Date(instant))).toBe(n);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('cases of open billing engines', () => {
  it.each(PERIOD_CASES)('$id', ({ cycle, at, index, start, end, endInstant, starts, startInstants }) => {
    if (at !== undefined) {
      const n = periodIndexContaining(cycle, periodBound({ ...cycle, anchorDate: at }, 0));
      const period = periodAt(cycle, n);
      if (index !== undefined) expect(n).toBe(index);
      if (start !== undefined) expect(localDate(period.start, cycle.timeZone)).toBe(start);
      if (end !== undefined) expect(localDate(period.end, cycle.timeZone)).toBe(end);
      if (endInstant !== undefined) expect(period.end).toEqual(new Date(endInstant));
    }
    if (starts)
      expect(starts.map((_, n) => localDate(periodBound(cycle, n), cycle.timeZone))).toEqual(starts);
    if (startInstants) {
      expect(startInstants.map((_, n) => periodBound(cycle, n))).toEqual(
        startInstants.map((text) => new Date(text)),
      );
    }
    expect([at, starts].some((given) => given !== undefined)).toBe(true);
  });

  it('are all there, here or among those with an alignment', () => {
    const ofLagoDates = 16;
    const run = [...PERIOD_CASES, ...DUE_CASES].map((one) => one.id);
    expect(new Set(run).size).toBe(63 + ofLagoDates);
    expect(run).toHaveLength(63 + ofLagoDates);
  });
});

describe('addLocalDays', () => {
  it.each([
    [
      'keeps the time of day over a change of clocks',
      '2024-03-30T09:15:00Z',
      2,
      'Europe/London',
      '2024-04-01T08:15:00.000Z',
    ],
    ['goes back as well', '2024-03-01T12:00:00Z', -1, 'Africa/Lagos', '2024-02-29T12:00:00.000Z'],
    ['stays where it is for no days', '2024-03-01T12:00:00Z', 0, 'Africa/Lagos', '2024-03-01T12:00:00.000Z'],
    [
      'stays in the second of two equal hours',
      '2024-10-31T21:30:00Z',
      0,
      'Africa/Cairo',
      '2024-10-31T21:30:00.000Z',
    ],
    ['goes past a skipped hour', '2024-04-24T22:30:00Z', 1, 'Africa/Cairo', '2024-04-25T22:30:00.000Z'],
  ])('%s', (_, from, days, timeZone, to) => {
    expect(addLocalDays(new Date(from), days, timeZone).toISOString()).toBe(to);
  });
});

describe('local days', () => {
  it('are added by the calendar', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('begin when their zone says so', () => {
    expect(startOfLocalDate('2024-04-26', 'Africa/Cairo').toISOString()).toBe('2024-04-25T22:00:00.000Z');
  });

  it('lie between two instants by their dates, however few hours that is', () => {
    const [late, early] = [new Date('2024-02-28T22:30:00Z'), new Date('2024-02-28T23:30:00Z')];
    expect(localDaysBetween(late, early, 'Africa/Lagos')).toBe(1);
    expect(localDaysBetween(early, late, 'Africa/Lagos')).toBe(-1);
    expect(localDaysBetween(late, early, 'UTC')).toBe(0);
  });
});

describe('localDate and isTimeZone', () => {
  it('knows that tomorrow comes earlier in Apia', () => {
    const instant = new Date('2024-06-30T11:30:00Z');
    expect(localDate(instant, 'Pacific/Apia')).toBe('2024-07-01');
    expect(localDate(instant, 'America/Sao_Paulo')).toBe('2024-06-30');
  });

  it('takes the names of time zones and nothing else', () => {
    expect(['Africa/Lagos', 'UTC', 'Pacific/Apia'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['+01:00', 'Mars/Olympus', '', 'Africa/Lagos '].map(isTimeZone)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
