import { describe, expect, it } from 'vitest';

import { newId } from '../ids/new-id.js';
import { externalIdSchema, readReference } from './external-id.js';

const schema = externalIdSchema('cus');

describe('externalIdSchema', () => {
  it.each([
    '42',
    'acme-7',
    'auth0|5f7c8ec7',
    'ada@example.com',
    'plan_01ke4v7m2qf7ct3xv0ab9d8h6r',
    'x'.repeat(128),
  ])('takes %s', (text) => expect(schema.safeParse(text).success).toBe(true));

  it.each(['', '.', '..', 'a/b', 'a b', 'a%2f', 'naïve', 'cus_1', 'x'.repeat(129), '\u0000'])(
    'refuses %j',
    (text) => {
      expect(schema.safeParse(text).success).toBe(false);
    },
  );
});

describe('readReference', () => {
  it('tells our id from the caller’s', () => {
    const id = newId('cus');
    expect(readReference('cus', id)).toEqual({ id });
    expect(readReference('cus', 'acme-7')).toEqual({ externalId: 'acme-7' });
  });

  it.each(['cus_', 'cus_short', `cus_${'A'.repeat(26)}`, '\u0000', 'a\u0000', '', '../etc'])(
    'reads nothing in %j',
    (text) => {
      expect(readReference('cus', text)).toBeNull();
    },
  );
});
