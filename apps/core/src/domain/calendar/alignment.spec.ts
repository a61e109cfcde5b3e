import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { duePeriods } from '../subscriptions/due-periods.js';
import { ARREARS_WINDOW_CASES, BILLING_DAY_CASES, DUE_CASES, LOCAL_DAYS_CASES } from './alignment.cases.js';
import { alignAnchor, type AlignmentRule, firstPeriod } from './alignment.js';
import { lengthOfMonth } from './civil-date.js';
import {
  type Cycle,
  localDate,
  localDaysBetween,
  periodAt,
  periodIndexContaining,
  startOfLocalDate,
} from './periods.js';

function cycleOf(rule: AlignmentRule, timeZone: string): Cycle {
  return { anchorDate: alignAnchor(rule), interval: rule.interval, count: rule.count, timeZone };
}

function instant(text: string, timeZone: string): Date {
  return text.includes('T') ? new Date(text) : startOfLocalDate(text, timeZone);
}

/** The first bound of a cycle on or after a date. */
function boundFrom(cycle: Cycle, date: string): string {
  const { period, full } = firstPeriod(cycle, startOfLocalDate(date, cycle.timeZone));
  return localDate(period.start > full.start ? full.end : full.start, cycle.timeZone);
}

describe('alignAnchor', () => {
  it.each<[string, Omit<AlignmentRule, 'count'>, string]>([
    [
      'the start itself',
      { startDate: '2026-03-31', interval: 'month', alignment: 'anniversary' },
      '2026-03-31',
    ],
    ['the Monday', { startDate: '2026-03-29', interval: 'week', alignment: 'calendar' }, '2026-03-23'],
    ['a Monday as it is', { startDate: '2026-03-23', interval: 'week', alignment: 'calendar' }, '2026-03-23'],
    [
      'a Monday before 1970',
      { startDate: '1969-12-31', interval: 'week', alignment: 'calendar' },
      '1969-12-29',
    ],
    ['the day', { startDate: '2026-03-29', interval: 'day', alignment: 'calendar' }, '2026-03-29'],
    ['the month', { startDate: '2026-03-29', interval: 'month', alignment: 'calendar' }, '2026-03-01'],
    ['the quarter', { startDate: '2026-06-30', interval: 'quarter', alignment: 'calendar' }, '2026-04-01'],
    [
      'the half-year',
      { startDate: '2026-12-31', interval: 'half_year', alignment: 'calendar' },
      '2026-07-01',
    ],
    ['the year', { startDate: '2026-12-31', interval: 'year', alignment: 'calendar' }, '2026-01-01'],
    [
      'the billing day of this month',
      { startDate: '2026-03-20', interval: 'month', alignment: 'anniversary', billingDay: 15 },
      '2026-03-15',
    ],
    [
      'the billing day of the month before',
      { startDate: '2026-03-10', interval: 'month', alignment: 'anniversary', billingDay: 15 },
      '2026-02-15',
    ],
    [
      'a month that has the billing day',
      { startDate: '2026-03-10', interval: 'month', alignment: 'anniversary', billingDay: 31 },
      '2026-01-31',
    ],
    [
      'the billing day of the year before',
      { startDate: '2027-03-05', interval: 'year', alignment: 'anniversary', billingDay: 31 },
      '2026-03-31',
    ],
    [
      'a leap year that has the 29th',
      { startDate: '2027-02-28', interval: 'year', alignment: 'anniversary', billingDay: 30 },
      '2024-02-29',
    ],
    [
      'a billing day of the calendar quarter',
      { startDate: '2026-04-10', interval: 'quarter', alignment: 'calendar', billingDay: 15 },
      '2026-01-15',
    ],
    [
      'no billing day for weeks',
      { startDate: '2026-03-25', interval: 'week', alignment: 'anniversary', billingDay: 15 },
      '2026-03-25',
    ],
  ])('is %s', (_, rule, anchor) => {
    expect(alignAnchor({ count: 1, ...rule })).toBe(anchor);
  });

  it.each([0, 32, 1.5])('refuses the billing day %d', (billingDay) => {
    const rule = { startDate: '2026-03-10', interval: 'month', count: 1, alignment: 'anniversary' } as const;
    expect(() => alignAnchor({ ...rule, billingDay })).toThrow('A billing day is from 1 to 31.');
  });

  it('lies at or before the start, and every bound falls on the billing day that its month has', () => {
    const rules = fc.record({
      startDate: fc
        .date({ min: new Date('2000-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      interval: fc.constantFrom('month', 'quarter', 'half_year', 'year' as const),
      count: fc.integer({ min: 1, max: 4 }),
      alignment: fc.constantFrom('anniversary', 'calendar' as const),
      billingDay: fc.integer({ min: 1, max: 31 }),
    });
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 30 }), (rule, n) => {
        const cycle = cycleOf(rule, 'UTC');
        const start = startOfLocalDate(rule.startDate, 'UTC');
        const { period, full, index } = firstPeriod(cycle, start);
        expect(cycle.anchorDate <= rule.startDate).toBe(true);
        expect(full.start <= start && start < full.end).toBe(true);
        expect(period).toEqual({ start, end: full.end });
        const [year = 0, month = 0, day = 0] = localDate(periodAt(cycle, index + n).end, 'UTC')
          .split('-')
          .map(Number);
        expect(day).toBe(Math.min(rule.billingDay, lengthOfMonth(year, month)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('firstPeriod', () => {
  it('keeps the moment of the start and ends with the full period', () => {
    const cycle: Cycle = {
      anchorDate: '2026-03-01',
      interval: 'month',
      count: 1,
      timeZone: 'Africa/Nairobi',
    };
    const startsAt = new Date('2026-03-10T12:34:56Z');
    expect(firstPeriod(cycle, startsAt)).toEqual({
      index: 0,
      period: { start: startsAt, end: new Date('2026-03-31T21:00:00Z') },
      full: { start: new Date('2026-02-28T21:00:00Z'), end: new Date('2026-03-31T21:00:00Z') },
    });
  });
});

describe('cases of open billing engines', () => {
  it.each(DUE_CASES)('$id', ({ rule, timeZone = 'UTC', endDate, until, timing, due, periods, last }) => {
    const found = duePeriods({
      cycle: cycleOf(rule, timeZone),
      startsAt: startOfLocalDate(rule.startDate, timeZone),
      endsAt: endDate === undefined ? null : startOfLocalDate(endDate, timeZone),
      until: instant(until, timeZone),
      timing,
    }).map(({ period }) => [localDate(period.start, timeZone), localDate(period.end, timeZone)]);
    if (due !== undefined) expect(found).toHaveLength(due);
    if (periods) expect(found).toEqual(periods);
    if (last?.start !== undefined) expect(found.at(-1)?.[0]).toBe(last.start);
    if (last?.end !== undefined) expect(found.at(-1)?.[1]).toBe(last.end);
    expect([due, periods, last].some((given) => given !== undefined)).toBe(true);
  });

  it.each(BILLING_DAY_CASES)('%s', (_, interval, startDate, billingDay, first) => {
    const cycle = cycleOf({ startDate, interval, count: 1, alignment: 'anniversary', billingDay }, 'UTC');
    expect(boundFrom(cycle, startDate)).toBe(first);
  });

  it.each(ARREARS_WINDOW_CASES)('$id', (one) => {
    const { startDate, endDate, until, billingDay } = one;
    const cycle = cycleOf(
      { startDate, interval: 'month', count: 1, alignment: 'anniversary', billingDay },
      'UTC',
    );
    const last = duePeriods({
      cycle,
      startsAt: startOfLocalDate(startDate, 'UTC'),
      endsAt: endDate === undefined ? null : startOfLocalDate(endDate, 'UTC'),
      until: startOfLocalDate(until, 'UTC'),
      timing: 'in_arrears',
    }).at(-1);
    expect(boundFrom(cycle, startDate)).toBe(one.firstBillingDay);
    expect(last && localDate(last.period.end, 'UTC')).toBe(one.billedThrough);
    const reached = last?.period.end ?? startOfLocalDate(startDate, 'UTC');
    const next = periodAt(cycle, periodIndexContaining(cycle, reached)).end;
    expect(localDate(next, 'UTC')).toBe(one.nextBillingDay);
  });

  it.each(LOCAL_DAYS_CASES)('%s', (_, from, to, timeZone, days) => {
    expect(localDaysBetween(new Date(from), new Date(to), timeZone)).toBe(days);
  });

  it('are all there', () => {
    expect(DUE_CASES).toHaveLength(10 + 1 + 16);
    expect(BILLING_DAY_CASES).toHaveLength(8);
    expect(ARREARS_WINDOW_CASES).toHaveLength(5);
    expect(LOCAL_DAYS_CASES).toHaveLength(4);
  });
});
