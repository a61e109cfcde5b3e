import { describe, expect, it } from 'vitest';

import { largestFirst } from './largest-first.js';

describe('largestFirst', () => {
  it.each([
    [[], []],
    [
      [3n, 1n, 2n],
      [0, 2, 1],
    ],
    [
      [1n, 2n, 3n],
      [2, 1, 0],
    ],
    [
      [-1n, 0n, -2n],
      [1, 0, 2],
    ],
    [
      [5n, 7n, 5n, 7n],
      [1, 3, 0, 2],
    ],
  ])('of %s is %s', (numbers, indexes) => {
    expect(largestFirst(numbers)).toEqual(indexes);
  });
});
