import { describe, expect, it } from 'vitest';

import { type Cycle, localDate, startOfLocalDate } from '../calendar/periods.js';
import { duePeriods, type DueQuestion } from './due-periods.js';

const MONTHLY: Cycle = { anchorDate: '2026-01-01', interval: 'month', count: 1, timeZone: 'UTC' };

function day(date: string): Date {
  return startOfLocalDate(date, 'UTC');
}

function due(question: Partial<DueQuestion>): string[] {
  return duePeriods({
    cycle: MONTHLY,
    startsAt: day('2026-01-10'),
    endsAt: null,
    until: day('2026-03-01'),
    timing: 'in_advance',
    ...question,
  }).map(
    ({ index, period, full }) =>
      `${index}: ${localDate(period.start, 'UTC')} to ${localDate(period.end, 'UTC')} of ${localDate(full.start, 'UTC')}`,
  );
}

describe('duePeriods', () => {
  const first = '0: 2026-01-10 to 2026-02-01 of 2026-01-01';
  const second = '1: 2026-02-01 to 2026-03-01 of 2026-02-01';
  const third = '2: 2026-03-01 to 2026-04-01 of 2026-03-01';

  it('of a start that is back-dated are all up to now: those begun in advance, those over in arrears', () => {
    expect(due({})).toEqual([first, second, third]);
    expect(due({ timing: 'in_arrears' })).toEqual([first, second]);
    expect(due({ until: new Date('2026-02-28T23:59:59.999Z') })).toEqual([first, second]);
    expect(due({ until: new Date('2026-02-28T23:59:59.999Z'), timing: 'in_arrears' })).toEqual([first]);
  });

  it('are cut where the subscription ends, and due there in arrears', () => {
    const endsAt = day('2026-02-11');
    const cut = '1: 2026-02-01 to 2026-02-11 of 2026-02-01';
    expect(due({ endsAt })).toEqual([first, cut]);
    expect(due({ endsAt, until: day('2026-02-11'), timing: 'in_arrears' })).toEqual([first, cut]);
    expect(due({ endsAt, until: day('2026-02-10'), timing: 'in_arrears' })).toEqual([first]);
    expect(due({ endsAt: day('2026-02-01') })).toEqual([first]);
  });

  it('are none before the start, and none of a subscription of no length', () => {
    expect(due({ until: day('2026-01-09') })).toEqual([]);
    expect(due({ until: day('2025-06-01') })).toEqual([]);
    expect(due({ endsAt: day('2026-01-10') })).toEqual([]);
  });

  it('leave out a day that a country skipped', () => {
    const cycle: Cycle = { anchorDate: '2011-12-29', interval: 'day', count: 1, timeZone: 'Pacific/Apia' };
    const startsAt = startOfLocalDate('2011-12-29', 'Pacific/Apia');
    const until = startOfLocalDate('2011-12-31', 'Pacific/Apia');
    const found = duePeriods({ cycle, startsAt, endsAt: null, until, timing: 'in_advance' });
    expect(found.map(({ index }) => index)).toEqual([0, 2]);
  });
});
