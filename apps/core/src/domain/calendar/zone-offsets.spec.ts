import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';

import { addLocalDays, type Cycle, type Interval, localDate, periodBound } from './periods.js';
import { instantOfLocal, offsetAt } from './zone-offsets.js';

/** Zones with every kind of trouble: skipped and doubled midnights, skipped days, half-hours, clocks moved four times a year. */
const ZONES = [
  'UTC',
  'Africa/Lagos',
  'Africa/Nairobi',
  'Africa/Johannesburg',
  'Africa/Accra',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'Africa/Juba',
  'Africa/Tripoli',
  'America/Havana',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Toronto',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Antarctica/Troll',
  'Australia/Lord_Howe',
  'Europe/Dublin',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];

const zones = fc.constantFrom(...ZONES);
const instants = fc.date({
  min: new Date('1900-01-01'),
  max: new Date('2099-12-31'),
  noInvalidDate: true,
});

/** Instants around the changes of a zone's clocks, where the mistakes are. */
const nearTransitions = fc
  .tuple(zones, instants, fc.integer({ min: -86_400, max: 86_400 }))
  .map(([zone, from, s]) => {
    const next = zoned(from, zone).getTimeZoneTransition('next');
    return { zone, instant: new Date((next?.epochMilliseconds ?? from.getTime()) + s * 1_000) };
  });
const anywhere = fc.record({ zone: zones, instant: instants });

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
}

const DURATIONS: Record<Interval, (steps: number) => Temporal.DurationLike> = {
  day: (steps) => ({ days: steps }),
  week: (steps) => ({ weeks: steps }),
  month: (steps) => ({ months: steps }),
  quarter: (steps) => ({ months: 3 * steps }),
  half_year: (steps) => ({ months: 6 * steps }),
  year: (steps) => ({ years: steps }),
};

describe('the arithmetic of zones agrees with Temporal', () => {
  it.each([
    ['anywhere', anywhere],
    ['where the clocks change', nearTransitions],
  ])('on offset, local date and days later, %s', (_, moments) => {
    fc.assert(
      fc.property(moments, fc.integer({ min: -800, max: 800 }), ({ zone, instant }, days) => {
        const reference = zoned(instant, zone);
        expect(offsetAt(instant.getTime(), zone)).toBe(reference.offsetNanoseconds / 1e6);
        expect(localDate(instant, zone)).toBe(reference.toPlainDate().toString());
        expect(addLocalDays(instant, days, zone).getTime()).toBe(reference.add({ days }).epochMilliseconds);
      }),
      { numRuns: 500 },
    );
  });

  it('on the instants of local times, skipped and doubled ones too', () => {
    fc.assert(
      fc.property(fc.oneof(anywhere, nearTransitions), ({ zone, instant }) => {
        const local = zoned(instant, zone).toPlainDateTime();
        // A local time of its own, which the clocks may skip: the reading of the instant in UTC.
        const readings = [local, zoned(instant, 'UTC').toPlainDateTime()];
        for (const reading of readings) {
          const localMs = reading.toZonedDateTime('UTC').epochMilliseconds;
          const expected = reading.toZonedDateTime(zone).epochMilliseconds;
          expect(instantOfLocal(localMs, zone, 'shifted')).toBe(expected);
        }
      }),
      { numRuns: 800 },
    );
  });

  it('on the bounds of periods', () => {
    const cycles = fc.record({
      anchorDate: instants.map((date) => date.toISOString().slice(0, 10)),
      interval: fc.constantFrom(...(Object.keys(DURATIONS) as Interval[])),
      count: fc.integer({ min: 1, max: 13 }),
      timeZone: zones,
    });
    fc.assert(
      fc.property(cycles, fc.integer({ min: -30, max: 60 }), (cycle: Cycle, n) => {
        const date = Temporal.PlainDate.from(cycle.anchorDate).add(
          DURATIONS[cycle.interval](n * cycle.count),
        );
        const expected = date.toZonedDateTime({ timeZone: cycle.timeZone }).epochMilliseconds;
        expect(periodBound(cycle, n).getTime()).toBe(expected);
      }),
      { numRuns: 800 },
    );
  });
});

describe('the clocks of Cairo in 2024', () => {
  const [timeZone, hour] = ['Africa/Cairo', 3_600_000];

  it.each([
    ['2024-04-25T21:59:59.999Z', 2],
    ['2024-04-25T22:00:00.000Z', 3],
    ['2024-10-31T20:59:59.999Z', 3],
    ['2024-10-31T21:00:00.000Z', 2],
  ])('are ahead at %s by %s hours', (instant, hours) => {
    expect(offsetAt(Date.parse(instant), timeZone)).toBe(hours * hour);
  });

  it.each([
    ['before the skip', '2024-04-25T23:59:59.999', '2024-04-25T21:59:59.999Z', '2024-04-25T21:59:59.999Z'],
    ['at the skip', '2024-04-26T00:00:00.000', '2024-04-25T22:00:00.000Z', '2024-04-25T22:00:00.000Z'],
    [
      'in the skipped hour',
      '2024-04-26T00:30:00.000',
      '2024-04-25T22:00:00.000Z',
      '2024-04-25T22:30:00.000Z',
    ],
    ['after it', '2024-04-26T01:00:00.000', '2024-04-25T22:00:00.000Z', '2024-04-25T22:00:00.000Z'],
    [
      'in the hour that comes twice',
      '2024-10-31T23:30:00.000',
      '2024-10-31T20:30:00.000Z',
      '2024-10-31T20:30:00.000Z',
    ],
    ['after that hour', '2024-11-01T00:00:00.000', '2024-10-31T22:00:00.000Z', '2024-10-31T22:00:00.000Z'],
  ])('show a local time %s', (_, local, first, shifted) => {
    const at = (skipped: 'first_instant' | 'shifted') =>
      new Date(instantOfLocal(Date.parse(`${local}Z`), timeZone, skipped)).toISOString();
    expect(at('first_instant')).toBe(first);
    expect(at('shifted')).toBe(shifted);
  });
});

describe('what cannot be', () => {
  it('is refused: zones that are none, dates that are none or lie beyond the calendar', () => {
    expect(() => offsetAt(0, 'Mars/Olympus')).toThrow(RangeError);
    expect(() => offsetAt(Number.NaN, 'UTC')).toThrow('An instant must be a valid date.');
    expect(() => localDate(new Date('+010000-01-01T00:00:00Z'), 'UTC')).toThrow(RangeError);
    const cycle: Cycle = { anchorDate: '9999-12-01', interval: 'year', count: 1_000, timeZone: 'UTC' };
    expect(() => periodBound(cycle, 1_000)).toThrow(RangeError);
  });
});
