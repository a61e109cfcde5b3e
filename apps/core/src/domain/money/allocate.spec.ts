import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { allocate } from './allocate.js';

describe('allocate', () => {
  it.each([
    [100n, [100n, 200n], [33n, 67n]],
    [-100n, [100n, 200n], [-33n, -67n]],
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [5n, [0n, 3n, 0n, 7n], [0n, 2n, 0n, 3n]],
    [1n, [1n, 1n], [1n, 0n]],
    [0n, [3n, 4n], [0n, 0n]],
    [0n, [0n, 0n], [0n, 0n]],
    [0n, [], []],
  ])('splits %s: case %#', (whole, weights, parts) => {
    expect(allocate(whole, weights)).toEqual(parts);
  });

  it('refuses weights that cannot take it', () => {
    expect(() => allocate(1n, [])).toThrow('There is nothing to split the amount over.');
    expect(() => allocate(1n, [0n, 0n])).toThrow(RangeError);
    expect(() => allocate(1n, [2n, -1n])).toThrow('A weight must not be negative.');
  });

  it('gives parts that add up to the whole, each within a unit of its share', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), weights, (whole, given) => {
        const sum = given.reduce((total, weight) => total + weight, 0n);
        fc.pre(sum > 0n);
        const parts = allocate(whole, given);
        expect(parts.reduce((total, part) => total + part, 0n)).toBe(whole);
        for (const [index, part] of parts.entries()) {
          const difference = part * sum - whole * (given[index] ?? 0n);
          expect(difference < sum && difference > -sum).toBe(true);
        }
      }),
    );
  });
});
