import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aggregateEvents } from './aggregate-events.js';
import { type Aggregation, AGGREGATIONS, type MeterTerms, type UsageEvent } from './meter-terms.js';
import { propertyText, quantityProblem, readQuantity } from './property-value.js';
import { roundQuantity } from './round-quantity.js';

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const at = (day: number): Date => new Date(START + day * DAY_MS);
const january = { start: at(0), end: at(31) };

const event = (id: string, day: number, properties: UsageEvent['properties'], arrival = day): UsageEvent => ({
  transactionId: id,
  occurredAt: at(day),
  receivedAt: at(arrival),
  properties,
});
const terms = (aggregation: Aggregation, more: Partial<MeterTerms> = {}): MeterTerms => ({
  aggregation,
  property: 'n',
  filters: [],
  rounding: null,
  ...more,
});
const quantity = (meter: MeterTerms, events: readonly UsageEvent[], window = january) =>
  aggregateEvents(meter, events, { window }).quantity.toFixed();

describe('aggregateEvents', () => {
  it('takes the start of the window and leaves its end to the next', () => {
    const events = [event('a', 0, { n: 1 }), event('b', 31, { n: 2 }), event('c', -0.001, { n: 4 })];
    expect(quantity(terms('sum'), events)).toBe('1');
  });

  it('adds nothing for what is no number, and passes it over in a maximum', () => {
    const events = [
      event('a', 1, { n: -5 }),
      event('b', 2, { n: 'many' }),
      event('c', 3, {}),
      event('d', 4, { n: true }),
    ];
    expect(quantity(terms('sum'), events)).toBe('-5');
    expect(quantity(terms('max'), events)).toBe('-5');
    expect(quantity(terms('latest'), events)).toBe('-5');
    expect(aggregateEvents(terms('sum'), events, { window: january }).eventCount).toBe(4);
  });

  it('adds decimals exactly, whether they come as numbers or as texts', () => {
    expect(quantity(terms('sum'), [event('a', 1, { n: 0.1 }), event('b', 2, { n: '0.2' })])).toBe('0.3');
    expect(
      quantity(terms('sum'), [
        event('a', 1, { n: '999999999999999.999999999999' }),
        event('b', 1, { n: '0.000000000001' }),
      ]),
    ).toBe('1000000000000000');
  });

  it('takes the latest by its own time, then by its arrival', () => {
    const events = [event('a', 3, { n: 1 }, 4), event('b', 3, { n: 2 }, 5), event('c', 1, { n: 9 }, 20)];
    expect(quantity(terms('latest'), events)).toBe('2');
  });

  it('takes the later id as the latest of events of one moment, however they are given', () => {
    const events = [event('a', 3, { n: 1 }), event('b', 3, { n: 2 })];
    expect(quantity(terms('latest'), events)).toBe('2');
    expect(quantity(terms('latest'), events.toReversed())).toBe('2');
  });

  it('says what each event brought, by its time', () => {
    const events = [event('c', 3, { n: '2.5' }), event('a', 1, { n: 4 }), event('b', 2, { n: 'many' })];
    const brought = (aggregation: Aggregation) =>
      aggregateEvents(terms(aggregation), events, { window: january }).values.map((one) => one.toFixed());
    expect(brought('sum')).toEqual(['4', '0', '2.5']);
    expect(brought('count')).toEqual(['1', '1', '1']);
  });

  it('finds no value in an event without the property', () => {
    expect(quantity(terms('unique_count'), [event('a', 1, {}), event('b', 1, { n: 'x' })])).toBe('1');
  });

  it('weighs nothing over a period of no length', () => {
    const skipped = { start: at(1), end: at(1) };
    expect(quantity(terms('weighted_sum'), [event('a', 0, { n: 5 })], skipped)).toBe('0');
  });

  it('counts a value once however often it is added, and not after it was removed', () => {
    const add = (id: string, day: number) => event(`${id}${day}`, day, { n: id, operation: 'add' });
    const remove = (id: string, day: number) => event(`${id}${day}`, day, { n: id, operation: 'remove' });
    expect(quantity(terms('unique_count'), [add('x', 1), add('x', 2), remove('x', 3)])).toBe('0');
    expect(quantity(terms('unique_count'), [remove('x', 1), add('x', 2), add('y', 2)])).toBe('2');
  });

  it.each([
    ['eq', ['eu'], ['eu']],
    ['ne', ['eu'], ['us', 'none']],
    ['in', ['eu', 'us'], ['eu', 'us']],
    ['not_in', ['eu', 'us'], ['none']],
    ['eq', ['undefined'], []],
    ['ne', ['undefined'], ['eu', 'us', 'none']],
    ['exists', [], ['eu', 'us']],
    ['exists', ['false'], ['none']],
  ] as const)('filters by %s %j', (operator, values, passed) => {
    const events = [event('eu', 1, { r: 'eu' }), event('us', 1, { r: 'us' }), event('none', 1, {})];
    const filters = [{ property: 'r', operator, values }];
    expect(quantity(terms('count', { filters }), events)).toBe(String(passed.length));
  });

  it.each([
    ['gt', '2', '1'],
    ['gte', '2', '2'],
    ['lt', '2', '1'],
    ['lte', '2.0', '2'],
  ] as const)('compares by %s %s, and what is no number does not pass', (operator, bound, expected) => {
    const events = [
      event('a', 1, { n: 1 }),
      event('b', 1, { n: '2.00' }),
      event('c', 1, { n: 3 }),
      event('d', 1, { n: 'x' }),
    ];
    const filters = [{ property: 'n', operator, values: [bound] }];
    expect(quantity(terms('count', { filters }), events)).toBe(expected);
  });

  it('has nothing where there are no events', () => {
    for (const aggregation of AGGREGATIONS) expect(quantity(terms(aggregation), [])).toBe('0');
  });

  const anyEvents = fc.array(
    fc.record({
      day: fc.double({ min: -10, max: 40, noNaN: true }),
      n: fc.integer({ min: -1_000, max: 1_000 }),
    }),
    { maxLength: 20 },
  );
  const toEvents = (list: { day: number; n: number }[]) =>
    list.map(({ day, n }, index) => event(`t${index}`, day, { n }));

  it('adds up to the whole from the parts of a window, for counts, sums and weighted sums', () => {
    fc.assert(
      fc.property(anyEvents, fc.integer({ min: 1, max: 30 }), (list, cut) => {
        const events = toEvents(list);
        for (const aggregation of ['count', 'sum', 'weighted_sum'] as const) {
          const part = (start: number, end: number) =>
            aggregateEvents(terms(aggregation), events, {
              window: { start: at(start), end: at(end) },
              full: january,
            }).quantity;
          expect(part(0, cut).plus(part(cut, 31)).toDecimalPlaces(60).toFixed()).toBe(
            part(0, 31).toDecimalPlaces(60).toFixed(),
          );
        }
      }),
    );
  });

  it('does not depend on the order that events are given in', () => {
    fc.assert(
      fc.property(anyEvents, (list) => {
        const events = toEvents(list);
        for (const aggregation of AGGREGATIONS) {
          expect(quantity(terms(aggregation), events.toReversed())).toBe(
            quantity(terms(aggregation), events),
          );
        }
      }),
    );
  });
});

describe('readQuantity', () => {
  it.each([
    [1e-7, '0.0000001'],
    ['+5', '5'],
    ['007.50', '7.5'],
    [-0, '0'],
    [1e15, null],
    [0.1 + 0.2, null],
    ['1e3', null],
    ['.5', null],
    ['', null],
    [' 1', null],
    [true, null],
    [undefined, null],
  ] as const)('reads %j as %s', (value, expected) => {
    expect(readQuantity(value)?.toFixed() ?? null).toBe(expected);
    expect(quantityProblem(value) === null).toBe(expected !== null);
  });

  it.each([
    [1e15, 'quantity_too_large'],
    [-1e15, 'quantity_too_large'],
    ['1000000000000000', 'quantity_too_large'],
    ['-1000000000000000.25', 'quantity_too_large'],
    ['+1000000000000000', 'quantity_too_large'],
    ['1000000000000000.', 'not_a_number'],
    ['1000000000000000.x', 'not_a_number'],
    ['1000000000000000 bytes', 'not_a_number'],
    ['~1000000000000000', 'not_a_number'],
    [0.1 + 0.2, 'too_many_decimals'],
    ['0.0000000000001', 'too_many_decimals'],
    ['-12.0000000000001', 'too_many_decimals'],
    ['0.0000000000001 GB', 'not_a_number'],
    ['~0.0000000000001', 'not_a_number'],
    ['many', 'not_a_number'],
    [false, 'not_a_number'],
  ] as const)('says of %j that it is %s', (value, problem) => {
    expect(quantityProblem(value)).toBe(problem);
  });

  it('writes numbers as PostgreSQL does', () => {
    expect([1e21, 1e-9, -0, 5.5].map(propertyText)).toEqual([
      '1000000000000000000000',
      '0.000000001',
      '0',
      '5.5',
    ]);
  });
});

describe('roundQuantity', () => {
  it.each([
    ['half_up', '-1.5', '-2'],
    ['up', '-1.5', '-1'],
    ['down', '-1.5', '-2'],
  ] as const)('rounds %s of %s to %s', (mode, text, rounded) => {
    const value = readQuantity(text);
    expect(value && roundQuantity(value, { mode, precision: 0 }).toFixed()).toBe(rounded);
  });
});
