import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readEvent } from './read-event.js';
import { UsageEventInputSchema } from './usage-event-input.js';

const NOW = new Date('2026-02-01T00:00:00Z');
const valid = { transactionId: 't1', customerId: 'shop-1', eventName: 'api_calls' };

const name = fc.oneof(
  fc.string({ maxLength: 45 }),
  fc.constantFrom('quantity', '', 'a\u0001', '\ud800', 'é'),
);
const value = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constantFrom(null, [], {}, 'x'.repeat(500), 'x'.repeat(501)),
);
const field = (good: string) =>
  fc.oneof(
    fc.constant(good),
    fc.string({ maxLength: 3 }),
    fc.constantFrom(
      null,
      7,
      '',
      ' ',
      'é',
      'a b',
      'x'.repeat(100),
      'x'.repeat(101),
      'x'.repeat(255),
      'x'.repeat(256),
    ),
  );
const moment = fc.constantFrom(
  '2026-01-31T09:00:00Z',
  '2026-01-31T09:00:00.123456+01:00',
  '2026-01-31T09:00Z',
  '2026-01-28T23:59:59Z',
  '2999-12-28T23:59:59.999Z',
  '3000-01-01T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T00:00:00.12Z',
  '2026-02-30T00:00:00Z',
  '2024-02-29T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '1899-12-31T23:59:59Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T09:00:00',
  '2026-01-31',
  'yesterday',
  12,
  null,
);
/** Moments as programs write them, many with one character that is another. */
const written = fc
  .tuple(
    fc.date({ min: new Date('1890-01-01'), max: new Date('3010-01-01'), noInvalidDate: true }),
    fc.boolean(),
    fc.nat(40),
    fc.constantFrom('', '0', '3', '9', 'Z', 'T', ':', '-', '.', ' '),
  )
  .map(([date, isWhole, at, other]) => {
    const text = isWhole ? date.toISOString().replace(/\.\d+/, '') : date.toISOString();
    return at < text.length && other !== '' ? text.slice(0, at) + other + text.slice(at + 1) : text;
  });
const timestamp = fc.oneof(moment, { weight: 2, arbitrary: written });
const item = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        transactionId: field('t1'),
        customerId: field('shop-1'),
        subscriptionId: field('sub-1'),
        eventName: field('api_calls'),
        timestamp,
        properties: fc.oneof(fc.dictionary(name, value, { maxKeys: 3 }), fc.constantFrom(null, [], 'x')),
        other: fc.constant(1),
      },
      { requiredKeys: ['transactionId', 'customerId', 'eventName'] },
    ),
  },
  fc.record(
    {
      ...Object.fromEntries(Object.entries(valid).map(([key, good]) => [key, fc.constant(good)])),
      timestamp,
      properties: fc.dictionary(name, value, { maxKeys: 3 }),
    },
    { requiredKeys: Object.keys(valid) as never[] },
  ),
  fc.constantFrom(null, 1, 'x', [], {}),
);

describe('readEvent', () => {
  it('takes and refuses what the schema does', () => {
    fc.assert(
      fc.property(item, (input) => {
        const parsed = UsageEventInputSchema.safeParse(input);
        const reading = readEvent(input, NOW);
        expect('event' in reading, JSON.stringify(input)).toBe(parsed.success);
        if (!parsed.success || !('event' in reading)) return;
        expect(reading.event.properties).toEqual(parsed.data.properties);
        expect(reading.event.occurredAt).toBe(Date.parse(parsed.data.timestamp ?? NOW.toISOString()));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [50, true],
    [51, false],
  ])('takes %i properties: %s', (count, taken) => {
    const properties = Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, index]));
    expect('event' in readEvent({ ...valid, properties }, NOW)).toBe(taken);
    expect(UsageEventInputSchema.safeParse({ ...valid, properties }).success).toBe(taken);
  });

  it('points at what is wrong', () => {
    const reading = readEvent({ ...valid, properties: { 'a/b': [] } }, NOW);
    expect(reading).toMatchObject({ problem: { pointer: '/properties/a~1b', code: 'invalid_type' } });
  });
});
