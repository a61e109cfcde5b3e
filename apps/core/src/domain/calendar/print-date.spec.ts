import { describe, expect, it } from 'vitest';

import { printDate, printPeriod } from './print-date.js';

describe('printDate', () => {
  it('prints the day of the place', () => {
    expect(printDate(new Date('2026-01-31T23:30:00Z'), 'UTC')).toBe('31 January 2026');
    expect(printDate(new Date('2026-01-31T23:30:00Z'), 'Africa/Lagos')).toBe('1 February 2026');
  });
});

describe('printPeriod', () => {
  it('names the months', () => {
    const year = Array.from({ length: 12 }, (_, month) => ({
      start: new Date(Date.UTC(2026, month, 1)),
      end: new Date(Date.UTC(2026, month, 3)),
    }));
    expect(year.map((period) => printPeriod(period, 'UTC'))).toEqual([
      '1 – 2 January 2026',
      '1 – 2 February 2026',
      '1 – 2 March 2026',
      '1 – 2 April 2026',
      '1 – 2 May 2026',
      '1 – 2 June 2026',
      '1 – 2 July 2026',
      '1 – 2 August 2026',
      '1 – 2 September 2026',
      '1 – 2 October 2026',
      '1 – 2 November 2026',
      '1 – 2 December 2026',
    ]);
  });

  it.each([
    ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', 'UTC', '1 – 31 January 2026'],
    ['2026-01-31T00:00:00Z', '2026-02-28T00:00:00Z', 'UTC', '31 January – 27 February 2026'],
    ['2025-12-15T00:00:00Z', '2026-01-15T00:00:00Z', 'UTC', '15 December 2025 – 14 January 2026'],
    ['2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z', 'UTC', '5 March 2026'],
    ['2026-01-31T23:00:00Z', '2026-02-28T23:00:00Z', 'Africa/Lagos', '1 – 28 February 2026'],
    ['2026-03-05T00:00:00Z', '2026-03-05T00:00:00Z', 'UTC', '5 March 2026'],
  ])('%s to %s in %s is %s', (start, end, timeZone, text) => {
    expect(printPeriod({ start: new Date(start), end: new Date(end) }, timeZone)).toBe(text);
  });
});
