import { describe, expect, it } from 'vitest';

import { filterMatches } from '../../domain/webhooks/event-filters.js';
import { dataSchemaOf, eventCatalogue } from './event-catalogue.js';
import { EVENT_TYPES } from './event-types.js';
import { previousAttributes } from './record-change.js';

describe('the catalogue of events', () => {
  it('names each type once, as an object and what happened to it', () => {
    expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length);
    for (const type of EVENT_TYPES) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/);
  });

  it.each(eventCatalogue().map(({ type, example }) => [type, example] as const))(
    'has an example of %s that fits its schema',
    (type, example) => {
      const parsed = dataSchemaOf(type).safeParse(example);
      expect(parsed.error?.issues ?? []).toEqual([]);
    },
  );

  it('keeps what a type is about small enough for any receiver', () => {
    for (const { example, type } of eventCatalogue()) {
      expect(JSON.stringify(example).length, type).toBeLessThan(8_000);
    }
  });
});

describe('filterMatches', () => {
  it('knows all, a family and one type', () => {
    expect(filterMatches('*', 'invoice.paid')).toBe(true);
    expect(filterMatches('invoice.*', 'invoice.paid')).toBe(true);
    expect(filterMatches('invoice.paid', 'invoice.paid')).toBe(true);
    expect(filterMatches('invoice.*', 'invoices.paid')).toBe(false);
    expect(filterMatches('invoice', 'invoice.paid')).toBe(false);
  });
});

describe('previousAttributes', () => {
  it('are those that are others now, but for what every change changes', () => {
    const before = { object: 'x', id: '1', name: 'a', metadata: { k: 'v' }, version: 1, updatedAt: 'then' };
    const after = { ...before, name: 'b', metadata: { k: 'v' }, version: 2, updatedAt: 'now' };
    expect(previousAttributes(before, after)).toEqual({ name: 'a' });
  });
});
