import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { QUOTA_RESETS, quotaWindow, type QuotaReset } from './quota-window.js';

const PERIOD = { start: new Date('2027-03-14T23:00:00Z'), end: new Date('2027-04-14T23:00:00Z') };
const window = (reset: QuotaReset, now: string, changes: { period?: null; timeZone?: string } = {}) => {
  const where = { now: new Date(now), period: PERIOD, timeZone: 'Africa/Lagos', ...changes };
  const { start, end } = quotaWindow(reset, where);
  return [start.toISOString(), end?.toISOString() ?? null];
};

describe('quotaWindow', () => {
  it.each<[QuotaReset, string, string | null]>([
    ['billing_period', '2027-03-14T23:00:00.000Z', '2027-04-14T23:00:00.000Z'],
    ['day', '2027-03-30T23:00:00.000Z', '2027-03-31T23:00:00.000Z'],
    ['week', '2027-03-28T23:00:00.000Z', '2027-04-04T23:00:00.000Z'],
    ['month', '2027-02-28T23:00:00.000Z', '2027-03-31T23:00:00.000Z'],
    ['year', '2026-12-31T23:00:00.000Z', '2027-12-31T23:00:00.000Z'],
    ['never', '1970-01-01T00:00:00.000Z', null],
  ])('by %s', (reset, start, end) => {
    expect(window(reset, '2027-03-31T00:30:00Z')).toEqual([start, end]);
  });

  it('begins with the local midnight, however long the day is', () => {
    const there = { timeZone: 'Africa/Cairo' };
    expect(window('day', '2027-04-30T12:00:00Z', there)).toEqual([
      '2027-04-29T22:00:00.000Z',
      '2027-04-30T21:00:00.000Z',
    ]);
  });

  it('goes on with the next period at once, when the renewal is late', () => {
    expect(window('billing_period', '2027-04-14T23:00:00Z')).toEqual(['2027-04-14T23:00:00.000Z', null]);
  });

  it('is the calendar’s month without a subscription', () => {
    expect(window('billing_period', '2027-03-31T23:30:00Z', { period: null })).toEqual([
      '2027-03-31T23:00:00.000Z',
      '2027-04-30T23:00:00.000Z',
    ]);
  });

  it('always has the moment in it, and every moment of it has the same', () => {
    const moments = fc.date({
      min: new Date('2020-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    const zones = fc.constantFrom(
      'UTC',
      'Africa/Lagos',
      'Africa/Cairo',
      'America/New_York',
      'Asia/Kathmandu',
    );
    fc.assert(
      fc.property(moments, zones, fc.constantFrom(...QUOTA_RESETS), (now, timeZone, reset) => {
        const { start, end } = quotaWindow(reset, { now, period: null, timeZone });
        expect(start <= now && (end === null || now < end)).toBe(true);
        expect(quotaWindow(reset, { now: start, period: null, timeZone })).toEqual({ start, end });
      }),
    );
  });
});
