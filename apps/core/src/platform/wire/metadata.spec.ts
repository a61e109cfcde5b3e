import { describe, expect, it } from 'vitest';

import { ProblemError } from '../errors/define-error.js';
import { mergeMetadata, MetadataPatchSchema, MetadataSchema } from './metadata.js';

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, 'x']));

describe('metadata', () => {
  it('takes 50 keys of 40 characters with values of 500', () => {
    expect(MetadataSchema.safeParse(many(50)).success).toBe(true);
    expect(MetadataSchema.safeParse({ ['k'.repeat(40)]: 'v'.repeat(500) }).success).toBe(true);
    expect(MetadataSchema.safeParse({ empty: '' }).success).toBe(true);
  });

  it.each([
    ['51 keys', many(51)],
    ['a key of 41 characters', { ['k'.repeat(41)]: 'v' }],
    ['an empty key', { '': 'v' }],
    ['a value of 501 characters', { k: 'v'.repeat(501) }],
    ['a number', { k: 1 }],
    ['a null', { k: null }],
    ['a NUL character', { k: 'a\u0000b' }],
    ['a lone surrogate', { k: '\ud800' }],
  ])('refuses %s', (_, metadata) => {
    expect(MetadataSchema.safeParse(metadata).success).toBe(false);
  });

  it('merges a patch: null removes, unnamed keys stay', () => {
    expect(MetadataPatchSchema.safeParse({ a: null, b: 'x' }).success).toBe(true);
    expect(mergeMetadata({ a: '1', b: '2' }, { a: null, c: '3' })).toEqual({ b: '2', c: '3' });
  });

  it('counts keys after the merge', () => {
    expect(Object.keys(mergeMetadata(many(50), { 'key-0': null, extra: 'x' }))).toHaveLength(50);
    expect(() => mergeMetadata(many(50), { extra: 'x' })).toThrow(ProblemError);
  });
});
