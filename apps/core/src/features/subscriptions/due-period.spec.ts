import type { Subscription } from '@nova/prisma-tenant';
import { describe, expect, it } from 'vitest';

import { localDate, periodBound } from '../../domain/calendar/periods.js';
import { cycleOf } from '../billing/billable.js';
import { duePeriodOf } from './due-period.js';

const subscription = (over: Partial<Subscription>): Subscription =>
  ({
    status: 'scheduled',
    anchorDate: '2027-01-31',
    interval: 'month',
    intervalCount: 1,
    timeZone: 'UTC',
    periodIndex: 0,
    currentPeriodStart: new Date('2027-01-31T15:30:00Z'),
    currentPeriodEnd: new Date('2027-02-28T00:00:00Z'),
    ...over,
  }) as Subscription;

/** The next `count` periods, each as the one before it leaves the subscription. */
function periodsOf(first: Subscription, count: number) {
  const periods = [];
  let current = first;
  for (let n = 0; n < count; n++) {
    const period = duePeriodOf(current);
    periods.push(period);
    current = {
      ...current,
      status: 'active',
      periodIndex: period.index,
      currentPeriodStart: period.start,
      currentPeriodEnd: period.end,
    };
  }
  return periods;
}

describe('duePeriodOf', () => {
  it('begins at the moment of the start, and then at the bounds counted from the anchor', () => {
    const periods = periodsOf(subscription({}), 5);
    expect(periods.map(({ start }) => start.toISOString())).toEqual([
      '2027-01-31T15:30:00.000Z',
      '2027-02-28T00:00:00.000Z',
      '2027-03-31T00:00:00.000Z',
      '2027-04-30T00:00:00.000Z',
      '2027-05-31T00:00:00.000Z',
    ]);
    expect(periods.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['month', '2027-01-31', 'Africa/Lagos'],
    ['month', '2028-01-30', 'America/New_York'],
    ['year', '2028-02-29', 'Africa/Nairobi'],
    ['quarter', '2027-11-30', 'Europe/Paris'],
    ['week', '2027-03-27', 'Europe/London'],
    ['day', '2027-10-30', 'Africa/Casablanca'],
  ] as const)('leaves no gap and no overlap: every %s from %s in %s', (interval, anchorDate, timeZone) => {
    const cycle = { anchorDate, interval, count: 1, timeZone };
    const first = subscription({
      ...cycle,
      currentPeriodStart: new Date(periodBound(cycle, 0).getTime() + 3_600_000),
      currentPeriodEnd: periodBound(cycle, 1),
    });
    const periods = periodsOf(first, 30);
    for (const [n, period] of periods.entries()) {
      expect(period.end > period.start).toBe(true);
      if (n > 0) expect(period.start).toEqual(periods[n - 1]?.end);
      expect(period.end).toEqual(periodBound(cycleOf(first), n + 1));
    }
  });

  it('keeps the stored end of a billed period, and bills from there', () => {
    const moved = subscription({
      status: 'active',
      periodIndex: 3,
      currentPeriodEnd: new Date('2027-05-31T05:00:00Z'),
      timeZone: 'Africa/Lagos',
    });
    const due = duePeriodOf(moved);
    expect(due.start).toEqual(new Date('2027-05-31T05:00:00Z'));
    expect(localDate(due.end, 'Africa/Lagos')).toBe('2027-06-30');
  });
});
