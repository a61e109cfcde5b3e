import { describe, expect, it } from 'vitest';

import type { Period } from '../calendar/periods.js';
import { Decimal, roundToMinor } from '../money/decimal.js';
import { aggregateEvents } from './aggregate-events.js';
import type { MeterTerms, UsageEvent } from './meter-terms.js';
import { proratedSum, proratedUniqueCount } from './prorated-usage.js';
import { roundQuantity } from './round-quantity.js';
import {
  type CaseEvent,
  MARCH,
  PLAIN_CASES,
  PRORATED_SUM_CASES,
  PRORATED_UNIQUE_CASES,
  ROUNDING_CASES,
  UNIQUE_CASES,
  USAGE_CASES_NOT_RUN,
  USAGE_CASES_TOTAL,
  WEIGHTED_CASES,
} from './usage.cases.js';

const period = ({ start, end }: { start: string; end: string }): Period => ({
  start: new Date(start),
  end: new Date(end),
});
const eventsOf = (events: readonly CaseEvent[]): UsageEvent[] =>
  events.map(({ at, properties }, index) => ({
    transactionId: `t${index}`,
    occurredAt: new Date(at),
    receivedAt: new Date(at),
    properties,
  }));
const termsOf = (aggregation: MeterTerms['aggregation'], more: Partial<MeterTerms> = {}): MeterTerms => ({
  aggregation,
  property: aggregation === 'count' ? null : 'value',
  filters: [],
  rounding: null,
  ...more,
});

describe('the cases of aggregation', () => {
  it.each(PLAIN_CASES)('$id', ({ aggregation, values, afterEach, unitAmount, amount }) => {
    const events = eventsOf(
      values.map((value, hour) => ({ at: `2024-03-05T0${hour + 1}:00:00Z`, properties: { value } })),
    );
    const quantities = events.map(
      (_, index) =>
        aggregateEvents(termsOf(aggregation), events.slice(0, index + 1), { window: period(MARCH) }).quantity,
    );
    expect(quantities.map((quantity) => quantity.toFixed())).toEqual(afterEach);
    const last = quantities.at(-1) ?? new Decimal(0);
    expect(roundToMinor(last.times(unitAmount), 'half_away_from_zero')).toBe(amount);
  });

  it.each(PRORATED_SUM_CASES)('$id', ({ events, full, quantity }) => {
    const bounds = { part: period(full), full: period(full), timeZone: 'UTC' };
    expect(proratedSum({ events: eventsOf(events), property: 'value', ...bounds }).toFixed()).toBe(quantity);
  });

  it.each(PRORATED_UNIQUE_CASES)('$id', ({ events, part, full, days }) => {
    const bounds = { part: period(part), full: period(full), timeZone: 'UTC' };
    const expected = new Decimal(days).dividedBy(31).toDecimalPlaces(5, Decimal.ROUND_CEIL);
    const quantity = proratedUniqueCount({ events: eventsOf(events), property: 'id', ...bounds });
    expect(quantity.toFixed()).toBe(expected.toFixed());
  });

  it.each(UNIQUE_CASES)('$id', ({ events, window, quantity }) => {
    const terms = termsOf('unique_count', { property: 'id' });
    const usage = aggregateEvents(terms, eventsOf(events), { window: period(window) });
    expect(usage.quantity.toFixed()).toBe(quantity);
  });

  it.each(WEIGHTED_CASES)('$id', ({ events, windows }) => {
    for (const { window, full, where, quantity, eventCount, amount } of windows) {
      const filters = Object.entries(where).map(([property, value]) => ({
        property,
        operator: 'eq' as const,
        values: [value],
      }));
      const usage = aggregateEvents(termsOf('weighted_sum', { filters }), eventsOf(events), {
        window: period(window),
        full: period(full),
      });
      expect(usage.quantity.toDecimalPlaces(5).toFixed()).toBe(quantity);
      expect(usage.eventCount).toBe(eventCount);
      if (amount !== null)
        expect(roundToMinor(usage.quantity.times(100), 'half_away_from_zero')).toBe(amount);
    }
  });

  it.each(ROUNDING_CASES)('$id', ({ rounding, rounded }) => {
    expect(roundQuantity(new Decimal('123.456'), rounding).toFixed()).toBe(rounded);
  });

  it('run, or are listed with the reason', () => {
    const run = [
      PLAIN_CASES,
      PRORATED_SUM_CASES,
      PRORATED_UNIQUE_CASES,
      UNIQUE_CASES,
      WEIGHTED_CASES,
      ROUNDING_CASES,
    ];
    const ids = [...run.flat().map(({ id }) => id), ...USAGE_CASES_NOT_RUN.flatMap((one) => one.ids)];
    expect(new Set(ids).size).toBe(USAGE_CASES_TOTAL);
    expect(ids).toHaveLength(USAGE_CASES_TOTAL);
  });
});
