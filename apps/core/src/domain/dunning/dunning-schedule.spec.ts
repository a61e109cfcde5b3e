import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { localDate, localDaysBetween } from '../calendar/periods.js';
import { dunningPlans } from './dunning.arbitrary.js';
import { CAMPAIGN_CASE, OVERDUE_STATES_CASE } from './dunning.cases.js';
import { type DunningStep, STANDARD_STEPS, standardFinalDay } from './dunning-policy.js';
import { type DunningCourse, momentOfStep, upcomingMoments } from './dunning-schedule.js';

const ZONES = ['UTC', 'Africa/Lagos', 'Africa/Cairo', 'America/Santiago', 'Europe/London', 'Pacific/Apia'];

const reminder = (offsetDays: number): DunningStep => ({
  offsetDays,
  actions: [{ kind: 'email', template: 'first_reminder' }],
});

const course = (over: Partial<DunningCourse> = {}): DunningCourse => ({
  steps: STANDARD_STEPS,
  finalAction: 'none',
  finalAfterDays: standardFinalDay(STANDARD_STEPS),
  startedAt: new Date('2027-01-31T09:30:00Z'),
  timeZone: 'UTC',
  ...over,
});

const begin = (of: DunningCourse) => {
  const at = momentOfStep(of, 0, null);
  return at && { step: 0, at };
};
const daysOf = (of: DunningCourse) =>
  upcomingMoments(of, begin(of)).map(({ at }) => localDate(at, of.timeZone));

describe('cases of open billing engines', () => {
  it('kbit-overdue-1', () => {
    const [first, second, last] = OVERDUE_STATES_CASE.thresholds;
    const startedAt = new Date(`${OVERDUE_STATES_CASE.firstUnpaid}T00:00:00Z`);
    const states = course({ startedAt, steps: [reminder(first), reminder(second)], finalAfterDays: last });
    const days = daysOf(states);
    for (const { date, state } of OVERDUE_STATES_CASE.stateOn) {
      expect(days.filter((day) => day <= date)).toHaveLength(state);
    }
  });

  it('lago-dunning-flow', () => {
    const steps = CAMPAIGN_CASE.offsets.map(reminder);
    const startedAt = new Date(`${CAMPAIGN_CASE.overdueFrom}T00:00:00Z`);
    const days = daysOf(course({ startedAt, steps, finalAfterDays: 30 })).slice(0, -1);
    expect(days).toEqual(CAMPAIGN_CASE.attempts);
    for (const day of CAMPAIGN_CASE.noAttemptOn) expect(days).not.toContain(day);
  });
});

describe('the steps of dunning', () => {
  it('are due so many days after it began, at the same time of day, over the end of a month', () => {
    expect(upcomingMoments(course(), begin(course())).map(({ at }) => at.toISOString())).toEqual([
      '2027-01-31T09:30:00.000Z',
      '2027-02-02T09:30:00.000Z',
      '2027-02-05T09:30:00.000Z',
      '2027-02-07T09:30:00.000Z',
      '2027-02-14T09:30:00.000Z',
      '2027-02-21T09:30:00.000Z',
    ]);
  });

  it('keep their time of day when the clocks change', () => {
    // In Cairo clocks go forward by an hour on 30 April 2027.
    const cairo = course({ startedAt: new Date('2027-04-29T07:00:00Z'), timeZone: 'Africa/Cairo' });
    expect(momentOfStep(cairo, 0, null)?.toISOString()).toBe('2027-04-29T07:00:00.000Z');
    expect(momentOfStep(cairo, 1, null)?.toISOString()).toBe('2027-05-01T06:00:00.000Z');
  });

  it('end with what becomes of the invoice, and nothing follows', () => {
    const end = course().steps.length;
    expect(momentOfStep(course(), end, null)?.toISOString()).toBe('2027-02-21T09:30:00.000Z');
    expect(momentOfStep(course(), end + 1, null)).toBeNull();
  });

  it('that come late follow each other by a day, until the plan has caught up', () => {
    const late = new Date('2027-02-06T12:00:00Z');
    const days = upcomingMoments(course(), { step: 1, at: late }).map(({ at }) => at.toISOString());
    expect(days).toEqual([
      '2027-02-06T12:00:00.000Z',
      '2027-02-07T12:00:00.000Z',
      '2027-02-08T12:00:00.000Z',
      '2027-02-14T09:30:00.000Z',
      '2027-02-21T09:30:00.000Z',
    ]);
  });

  it('never come before their day, never two on a day, and none is left out', () => {
    const instants = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        dunningPlans,
        instants,
        fc.constantFrom(...ZONES),
        fc.nat({ max: 40 }),
        (plan, startedAt, timeZone, late) => {
          const of = { ...plan, startedAt, timeZone };
          const first = begin(of);
          if (!first) throw new Error('A plan has an end at least.');
          const at = new Date(first.at.getTime() + late * 86_400_000);
          const moments = upcomingMoments(of, { step: 0, at });
          expect(moments.map(({ step }) => step)).toEqual([...plan.steps, null].map((_, index) => index));
          for (const [index, moment] of moments.entries()) {
            const planned = momentOfStep(of, moment.step, null);
            expect(moment.at.getTime()).toBeGreaterThanOrEqual(planned?.getTime() ?? Infinity);
            const before = moments[index - 1];
            if (before) expect(localDaysBetween(before.at, moment.at, timeZone)).toBeGreaterThanOrEqual(1);
          }
        },
      ),
    );
  });
});
