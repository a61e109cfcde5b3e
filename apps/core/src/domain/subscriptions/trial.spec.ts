import { describe, expect, it } from 'vitest';

import { alignAnchor } from '../calendar/alignment.js';
import {
  type Cycle,
  localDate,
  type Period,
  periodAt,
  periodBound,
  startOfLocalDate,
} from '../calendar/periods.js';
import { roundToMinor, toDecimal } from '../money/decimal.js';
import { prorate } from '../proration/fraction.js';
import { prorationFactor } from '../proration/proration-factor.js';
import { cycleAfterTrial, feePeriod, trialEnd, trialPeriods } from './trial.js';

const MONTHLY = { interval: 'month', count: 1 } as const;

function calendarMonths(startDate: string, timeZone: string): Cycle {
  return { anchorDate: alignAnchor({ startDate, ...MONTHLY, alignment: 'calendar' }), ...MONTHLY, timeZone };
}

function dates({ start, end }: Period, timeZone: string): [string, string] {
  return [localDate(start, timeZone), localDate(end, timeZone)];
}

/** What the fee of a period costs after a trial, in minor units; null when the trial covers all of it. */
function feeOf(full: Period, end: Date, price: string, timeZone: string): bigint | null {
  const part = feePeriod(full, end);
  if (!part) return null;
  const factor = prorationFactor({ part, full, timeZone, basis: 'day' });
  return roundToMinor(prorate(toDecimal(price), factor), 'half_away_from_zero');
}

describe('cases of open billing engines', () => {
  it('lago-trial-paris: a trial that ends on the billing day leaves one whole fee, due that midnight', () => {
    const timeZone = 'Europe/Paris';
    const end = trialEnd({ startsAt: new Date('2024-03-22T01:12:00Z'), days: 10, timeZone });
    const cycle = calendarMonths('2024-03-22', timeZone);
    expect(end).toEqual(periodBound(cycle, 1));
    expect(end <= new Date('2024-03-31T22:01:00Z')).toBe(true);
    expect(feeOf(periodAt(cycle, 0), end, '5000000', timeZone)).toBeNull();
    expect(feeOf(periodAt(cycle, 1), end, '5000000', timeZone)).toBe(5_000_000n);
  });

  it('lago-trial-upgrade: after an upgrade the new trial counts from the original start', () => {
    const end = trialEnd({ startsAt: new Date('2024-03-05T12:12:00Z'), days: 13, timeZone: 'UTC' });
    expect(localDate(end, 'UTC')).toBe('2024-03-18');
    const march = periodAt(calendarMonths('2024-03-05', 'UTC'), 0);
    expect(feeOf(march, end, '10000000', 'UTC')).toBe(4_516_129n);
  });

  it('lago-trial-long: usage is billed with the calendar during the trial, the fee after it', () => {
    const startsAt = new Date('2024-03-05T12:12:00Z');
    const end = trialEnd({ startsAt, days: 45, timeZone: 'UTC' });
    const cycle = calendarMonths('2024-03-05', 'UTC');
    const periods = trialPeriods({ startsAt, trialEnd: end, cycle, bounds: 'of_cycle' });
    expect(periods.map((period) => dates(period, 'UTC'))).toEqual([
      ['2024-03-05', '2024-04-01'],
      ['2024-04-01', '2024-04-19'],
    ]);
    expect(periods[0]?.start).toEqual(startsAt);
    expect(feeOf(periodAt(cycle, 0), end, '5000000', 'UTC')).toBeNull();
    expect(feeOf(periodAt(cycle, 1), end, '5000000', 'UTC')).toBe(2_000_000n);
  });

  it('met-tr-paid90: a trial that is paid for is no trial here, and bills from the start', () => {
    const cycle: Cycle = { anchorDate: '2024-01-01', ...MONTHLY, timeZone: 'UTC' };
    const bounds = [0, 1, 2, 3, 4].map((n) => localDate(periodBound(cycle, n), 'UTC'));
    expect(bounds).toEqual(['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01', '2024-05-01']);
  });
});

describe('trialEnd', () => {
  it.each([
    [
      'the day of the start is the first',
      '2026-03-10T15:00:00Z',
      1,
      'Africa/Lagos',
      '2026-03-10T23:00:00.000Z',
    ],
    ['by the date that it is there', '2026-03-10T23:30:00Z', 1, 'Africa/Lagos', '2026-03-11T23:00:00.000Z'],
    ['over a change of clocks', '2024-04-20T12:00:00Z', 6, 'Africa/Cairo', '2024-04-25T22:00:00.000Z'],
    ['over the end of February', '2024-02-20T00:00:00Z', 14, 'UTC', '2024-03-05T00:00:00.000Z'],
  ])('%s', (_, startsAt, days, timeZone, end) => {
    expect(trialEnd({ startsAt: new Date(startsAt), days, timeZone }).toISOString()).toBe(end);
  });

  it.each([0, -1, 1.5])('refuses %d days', (days) => {
    expect(() => trialEnd({ startsAt: new Date(0), days, timeZone: 'UTC' })).toThrow(
      'A trial lasts a whole number of days, at least one.',
    );
  });
});

describe('cycleAfterTrial', () => {
  const end = trialEnd({ startsAt: startOfLocalDate('2024-01-01', 'UTC'), days: 90, timeZone: 'UTC' });
  const rule = { trialEnd: end, ...MONTHLY, timeZone: 'UTC' };

  it('is anchored at the end of the trial, month ends and all', () => {
    const cycle = cycleAfterTrial({ ...rule, alignment: 'anniversary' });
    const bounds = [0, 1, 2, 3].map((n) => localDate(periodBound(cycle, n), 'UTC'));
    expect(bounds).toEqual(['2024-03-31', '2024-04-30', '2024-05-31', '2024-06-30']);
  });

  it('keeps to the calendar or to a billing day', () => {
    expect(cycleAfterTrial({ ...rule, alignment: 'calendar' }).anchorDate).toBe('2024-03-01');
    expect(cycleAfterTrial({ ...rule, alignment: 'anniversary', billingDay: 15 })).toEqual({
      anchorDate: '2024-03-15',
      ...MONTHLY,
      timeZone: 'UTC',
    });
  });
});

describe('trialPeriods', () => {
  const startsAt = startOfLocalDate('2024-01-10', 'UTC');

  it('are one where the end of the trial is the anchor', () => {
    const end = startOfLocalDate('2024-04-10', 'UTC');
    const cycle = cycleAfterTrial({ trialEnd: end, ...MONTHLY, timeZone: 'UTC', alignment: 'anniversary' });
    const periods = trialPeriods({ startsAt, trialEnd: end, cycle, bounds: 'of_trial' });
    expect(periods).toEqual([{ start: startsAt, end }]);
  });

  it.each(['of_cycle', 'of_trial'] as const)(
    'are none when the trial has ended as it began (%s)',
    (bounds) => {
      const cycle = calendarMonths('2024-01-10', 'UTC');
      expect(trialPeriods({ startsAt, trialEnd: startsAt, cycle, bounds })).toEqual([]);
    },
  );

  it('end with the trial on a bound', () => {
    const cycle = calendarMonths('2024-01-10', 'UTC');
    const end = startOfLocalDate('2024-03-01', 'UTC');
    const periods = trialPeriods({ startsAt, trialEnd: end, cycle, bounds: 'of_cycle' });
    expect(periods.map((period) => dates(period, 'UTC'))).toEqual([
      ['2024-01-10', '2024-02-01'],
      ['2024-02-01', '2024-03-01'],
    ]);
  });
});

describe('feePeriod', () => {
  const april = { start: startOfLocalDate('2026-04-01', 'UTC'), end: startOfLocalDate('2026-05-01', 'UTC') };

  it.each([
    ['all without a trial', null, ['2026-04-01', '2026-05-01']],
    ['all after a trial that is over', '2026-03-15', ['2026-04-01', '2026-05-01']],
    ['all after a trial that ends as it begins', '2026-04-01', ['2026-04-01', '2026-05-01']],
    ['the rest after a trial', '2026-04-02', ['2026-04-02', '2026-05-01']],
    ['nothing in a trial that ends with it', '2026-05-01', null],
    ['nothing in a trial that goes on', '2026-06-01', null],
  ] as const)('is %s', (_, end, expected) => {
    const fee = feePeriod(april, end === null ? null : startOfLocalDate(end, 'UTC'));
    expect(fee && dates(fee, 'UTC')).toEqual(expected);
  });
});
