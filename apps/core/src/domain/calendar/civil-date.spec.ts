import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DAY_MS,
  dateInMonth,
  formatDate,
  fromDayNumber,
  lengthOfMonth,
  monthNumber,
  parseDate,
  toDayNumber,
} from './civil-date.js';

describe('parseDate', () => {
  it.each([
    ['2026-01-31', { year: 2026, month: 1, day: 31 }],
    ['0000-12-01', { year: 0, month: 12, day: 1 }],
    ['2024-02-29', { year: 2024, month: 2, day: 29 }],
  ])('reads %s', (text, date) => {
    expect(parseDate(text)).toEqual(date);
  });

  it.each([
    '',
    '2026-1-31',
    '26-01-31',
    '+2026-01-31',
    '2026-01-31T00:00:00Z',
    'on 2026-01-31',
    '2026/01/31',
  ])('takes "%s" for no date', (text) => {
    expect(() => parseDate(text)).toThrow(`"${text}" is not a calendar date (YYYY-MM-DD).`);
  });

  it.each(['2026-00-10', '2026-13-10', '2026-01-00', '2026-01-32', '2026-02-29', '2026-04-31'])(
    'knows that %s does not exist',
    (text) => {
      expect(() => parseDate(text)).toThrow(`"${text}" is a date that does not exist.`);
    },
  );
});

describe('formatDate', () => {
  it.each(['0000-01-01', '0987-09-09', '2026-10-10', '9999-12-31'])('writes %s as it was read', (text) => {
    expect(formatDate(parseDate(text))).toBe(text);
  });

  it.each([-1, 10_000])('refuses the year %s', (year) => {
    expect(() => formatDate({ year, month: 1, day: 1 })).toThrow(`The year ${year} is beyond the calendar.`);
  });
});

describe('lengthOfMonth', () => {
  it.each([
    [2026, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]],
    [2024, [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]],
  ])('of %s is %s', (year, lengths) => {
    expect(lengths.map((_, index) => lengthOfMonth(year, index + 1))).toEqual(lengths);
  });

  it('has a leap day in every fourth year, but of the centuries in every fourth only', () => {
    const leap = [1896, 1900, 2000, 2023, 2096, 2100].filter((year) => lengthOfMonth(year, 2) === 29);
    expect(leap).toEqual([1896, 2000, 2096]);
  });
});

describe('day numbers', () => {
  it('are the days since 1970, there and back, from the year 0 to 9999', () => {
    const [first, last] = [-719_528, 2_932_896];
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (dayNumber) => {
        const date = fromDayNumber(dayNumber);
        const utc = new Date(dayNumber * DAY_MS);
        expect([date.year, date.month, date.day]).toEqual([
          utc.getUTCFullYear(),
          utc.getUTCMonth() + 1,
          utc.getUTCDate(),
        ]);
        expect(toDayNumber(date)).toBe(dayNumber);
      }),
      // The ends of the Februaries of 2000, 1900 and 2100 among them.
      { examples: [[first], [last], [0], [-1], [11_016], [-25_509], [47_540]] },
    );
  });
});

describe('the line of months', () => {
  it.each([
    ['2026-01-31', 0, '2026-01-31'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2023-12-31', 2, '2024-02-29'],
    ['2026-01-31', 11, '2026-12-31'],
    ['2026-01-31', 12, '2027-01-31'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-03-31', -13, '2025-02-28'],
  ])('from %s goes %s months to %s', (from, months, to) => {
    const start = parseDate(from);
    expect(formatDate(dateInMonth(monthNumber(start) + months, start.day))).toBe(to);
  });
});
