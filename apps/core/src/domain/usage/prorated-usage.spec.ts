import { describe, expect, it } from 'vitest';

import type { Period } from '../calendar/periods.js';
import type { UsageEvent } from './meter-terms.js';
import { proratedSum, proratedUniqueCount } from './prorated-usage.js';

/** A month of thirty days, so that 0.1 is three of them. */
const APRIL = { start: new Date('2026-04-01T00:00:00Z'), end: new Date('2026-05-01T00:00:00Z') };
const SECOND_HALF = { start: new Date('2026-04-16T00:00:00Z'), end: APRIL.end };
const FIRST_HALF = { start: APRIL.start, end: SECOND_HALF.start };

/** What happened: the day and hour, the seat or number, and whether it went. */
type Happening = readonly [at: string, n: string | null, operation?: 'remove'];

function eventsOf(happenings: readonly Happening[]): UsageEvent[] {
  return happenings.map(([text, n, operation], index) => {
    const at = new Date(`${text}:00:00Z`);
    const properties = { ...(n === null ? {} : { n }), ...(operation ? { operation } : {}) };
    return { transactionId: `t${index}`, occurredAt: at, receivedAt: at, properties };
  });
}

function question(happenings: readonly Happening[], part: Period, full: Period = APRIL) {
  return { events: eventsOf(happenings), property: 'n', part, full, timeZone: 'UTC' };
}

describe('proratedSum', () => {
  it.each([
    ['counts from the day of the event', [['2026-04-28T13', '10']], APRIL, '1'],
    ['counts all of the part for what was there before', [['2026-03-01T00', '10']], APRIL, '10'],
    ['counts no more than the part', [['2026-04-01T00', '10']], FIRST_HALF, '5'],
    ['leaves out what comes with the end of the part', [['2026-04-16T00', '10']], FIRST_HALF, '0'],
    ['leaves out what comes after the part', [['2026-04-20T00', '10']], FIRST_HALF, '0'],
    ['adds nothing for what is no number', [['2026-04-01T00', 'many']], APRIL, '0'],
    ['rounds up at the fifth decimal', [['2026-04-30T00', '1']], APRIL, '0.03334'],
  ] as const)('%s', (_, happenings, part, sum) => {
    expect(proratedSum(question(happenings, part)).toFixed()).toBe(sum);
  });
});

describe('proratedUniqueCount', () => {
  it.each([
    ['counts a seat from its day on', [['2026-04-28T13', 'ada']], APRIL, '0.1'],
    [
      'counts a seat that is added again from the first time',
      [
        ['2026-04-22T00', 'ada'],
        ['2026-04-28T00', 'ada'],
      ],
      APRIL,
      '0.3',
    ],
    [
      'counts the day on which a seat is taken away, unless it went at its first moment',
      [
        ['2026-04-01T00', 'ada'],
        ['2026-04-03T13', 'ada', 'remove'],
        ['2026-04-01T00', 'ben'],
        ['2026-04-04T00', 'ben', 'remove'],
      ],
      APRIL,
      '0.2',
    ],
    [
      'counts the days of two stays together',
      [
        ['2026-04-01T00', 'ada'],
        ['2026-04-04T00', 'ada', 'remove'],
        ['2026-04-28T00', 'ada'],
      ],
      APRIL,
      '0.2',
    ],
    [
      'counts a day once on which a seat comes, goes and comes again',
      [
        ['2026-04-28T01', 'ada'],
        ['2026-04-28T02', 'ada', 'remove'],
        ['2026-04-28T03', 'ada'],
      ],
      APRIL,
      '0.1',
    ],
    [
      'leaves out a seat that was gone before the part began',
      [
        ['2026-04-02T00', 'ada'],
        ['2026-04-04T00', 'ada', 'remove'],
      ],
      SECOND_HALF,
      '0',
    ],
    [
      'does not look beyond the part',
      [
        ['2026-04-13T00', 'ada'],
        ['2026-04-18T00', 'ada', 'remove'],
        ['2026-04-20T00', 'ben'],
        ['2026-04-22T00', 'ben', 'remove'],
        ['2026-04-24T00', 'cyd'],
      ],
      FIRST_HALF,
      '0.1',
    ],
    [
      'ignores that a seat is taken away which was not there',
      [
        ['2026-04-10T00', 'ada', 'remove'],
        ['2026-04-28T00', 'ada'],
      ],
      APRIL,
      '0.1',
    ],
    ['finds no seat in an event without the property', [['2026-04-01T00', null]], APRIL, '0'],
  ] as const)('%s', (_, happenings, part, count) => {
    expect(proratedUniqueCount(question(happenings, part)).toFixed()).toBe(count);
  });

  it('is nothing of a period of no length, such as a local day that was skipped', () => {
    const skipped = { start: APRIL.start, end: APRIL.start };
    expect(proratedUniqueCount(question([['2026-03-01T00', 'ada']], APRIL, skipped)).toFixed()).toBe('0');
  });
});
