import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bucketsOver, calendarBucket } from './buckets.js';

const at = (text: string) => new Date(text);
const wire = (buckets: ReturnType<typeof bucketsOver>) =>
  buckets?.map(({ start, end }) => `${start.toISOString()} ${end.toISOString()}`);

describe('bucketsOver', () => {
  it('has the months that a time touches, by the local calendar', () => {
    const months = calendarBucket('month', 'Africa/Lagos');
    const time = { start: at('2026-01-31T23:00:00Z'), end: at('2026-03-01T00:00:00Z') };
    expect(wire(bucketsOver(time, months, 10))).toEqual([
      '2026-01-31T23:00:00.000Z 2026-02-28T23:00:00.000Z',
      '2026-02-28T23:00:00.000Z 2026-03-31T23:00:00.000Z',
    ]);
  });

  it('begins weeks on Monday', () => {
    const [week] =
      bucketsOver(
        { start: at('2026-11-21T12:00:00Z'), end: at('2026-11-21T13:00:00Z') },
        calendarBucket('week', 'UTC'),
        1,
      ) ?? [];
    expect(week).toEqual({ start: at('2026-11-16T00:00:00Z'), end: at('2026-11-23T00:00:00Z') });
  });

  it('passes over a day that a zone has skipped', () => {
    // Samoa had no 30 December 2011.
    const time = { start: at('2011-12-29T10:00:00Z'), end: at('2011-12-31T10:00:00Z') };
    expect(bucketsOver(time, calendarBucket('day', 'Pacific/Apia'), 10)?.length).toBe(2);
  });

  it('is null for more than were wanted, and empty for no time', () => {
    const days = calendarBucket('day', 'UTC');
    const time = { start: at('2026-01-01T00:00:00Z'), end: at('2026-01-04T00:00:00Z') };
    expect(bucketsOver(time, days, 3)?.length).toBe(3);
    expect(bucketsOver(time, days, 2)).toBeNull();
    expect(bucketsOver({ start: time.end, end: time.start }, days, 2)).toEqual([]);
  });

  it('leaves no gap and has no overlap', () => {
    const zones = ['Africa/Nairobi', 'Africa/Casablanca', 'Europe/London', 'America/Sao_Paulo'];
    const instants = fc.date({
      min: at('2010-01-01T00:00:00Z'),
      max: at('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 60 * 86_400_000 }),
        fc.constantFrom('day', 'week', 'month'),
        fc.constantFrom(...zones),
        (start, lengthMs, interval, zone) => {
          const end = new Date(start.getTime() + lengthMs);
          const buckets = bucketsOver({ start, end }, calendarBucket(interval, zone), 100) ?? [];
          expect((buckets[0]?.start ?? end) <= start).toBe(true);
          expect((buckets.at(-1)?.end ?? start) >= end).toBe(true);
          for (const [index, bucket] of buckets.slice(1).entries())
            expect(bucket.start).toEqual(buckets[index]?.end);
        },
      ),
      { numRuns: 50 },
    );
  });
});
