import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { apportion, divideDown } from './apportion.js';
import { apportionTable } from './apportion-table.js';
import { Decimal, toDecimal } from './decimal.js';
import { divideHalfAwayFromZero, percentRatio, takeRatio } from './percentage.js';

const sum = (parts: readonly bigint[]): bigint => parts.reduce((all, part) => all + part, 0n);

describe('percentRatio', () => {
  it.each([
    ['7.5', 75n, 1000n],
    ['100', 100n, 100n],
    ['0', 0n, 100n],
    ['33.333333', 33_333_333n, 100_000_000n],
    ['-2.50', -25n, 1000n],
  ])('reads %s %%', (percent, numerator, denominator) => {
    const decimal = toDecimal(percent);
    expect(percentRatio(decimal)).toEqual({ numerator, denominator });
    expect(percentRatio(decimal)).toBe(percentRatio(decimal));
  });

  it('refuses what is no number', () => {
    expect(() => percentRatio(new Decimal(1).div(0))).toThrow('A percentage must be finite.');
  });
});

describe('rounding of ratios', () => {
  it.each([
    [1n, 2n, 1n],
    [-1n, 2n, -1n],
    [3n, 2n, 2n],
    [5n, 3n, 2n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [0n, 7n, 0n],
  ])('%s / %s is %s', (dividend, divisor, quotient) => {
    expect(divideHalfAwayFromZero(dividend, divisor)).toBe(quotient);
    expect(takeRatio(dividend, { numerator: 1n, denominator: divisor })).toBe(quotient);
  });

  it.each([
    ['7.5', 10_000n, 750n],
    ['7.5', 1033n, 77n],
    ['21', -999n, -210n],
    ['0', 10_000n, 0n],
  ])('%s %% of %s is %s', (percent, amount, share) => {
    expect(takeRatio(amount, percentRatio(toDecimal(percent)))).toBe(share);
  });

  it.each([
    [-1n, 2n, -1n],
    [-2n, 2n, -1n],
    [3n, 2n, 1n],
    [-3n, 2n, -2n],
  ])('%s / %s down is %s', (dividend, divisor, quotient) => {
    expect(divideDown(dividend, divisor)).toBe(quotient);
  });
});

describe('apportion', () => {
  it.each([
    [1n, [1n, 1n], 2n, [1n, 0n]],
    [-1n, [-1n, -1n], 2n, [-1n, 0n]],
    [450n, [1500n, -600n], 2n, [750n, -300n]],
    [5n, [9n], 2n, [5n]],
    [2n, [5n, 5n, 5n, 0n], 10n, [1n, 1n, 0n, 0n]],
    [0n, [5n, -5n], 10n, [1n, -1n]],
  ])('%s over %s / %s is %s', (whole, numerators, denominator, parts) => {
    expect(apportion(whole, numerators, denominator)).toEqual(parts);
  });

  it('refuses a whole that the shares are not', () => {
    expect(() => apportion(9n, [1n, 1n], 2n)).toThrow('The shares do not add up to 9.');
    expect(() => apportion(0n, [10n, 10n], 2n)).toThrow(RangeError);
  });

  it('gives parts that add up, each within a unit of its share and of its sign', () => {
    const numerators = fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), {
      minLength: 2,
      maxLength: 15,
    });
    fc.assert(
      fc.property(numerators, fc.bigInt({ min: 1n, max: 10n ** 6n }), (given, denominator) => {
        const whole = divideHalfAwayFromZero(sum(given), denominator);
        const parts = apportion(whole, given, denominator);
        expect(sum(parts)).toBe(whole);
        for (const [index, part] of parts.entries()) {
          const exact = given[index] ?? 0n;
          const distance = part * denominator - exact;
          expect(distance <= denominator && distance >= -denominator).toBe(true);
          expect(part * exact >= 0n).toBe(true);
          if (exact === 0n) expect(part).toBe(0n);
        }
      }),
    );
  });
});

describe('apportionTable', () => {
  it.each([
    [[7n], [1n, 1n], [[4n, 3n]]],
    [[7n, 8n], [1n], [[7n], [8n]]],
    [
      [1n, 1n],
      [1n, 1n],
      [
        [1n, 0n],
        [0n, 1n],
      ],
    ],
    [
      [0n, 0n],
      [0n, 0n],
      [
        [0n, 0n],
        [0n, 0n],
      ],
    ],
    // 9 : 1 2 4 is 1.29 2.57 5.14, and 3 is 0.43 0.86 1.71: each row gives its units to who lost most.
    [
      [9n, 3n],
      [1n, 2n, 4n],
      [
        [1n, 3n, 5n],
        [1n, 0n, 2n],
      ],
    ],
    [
      [10n, 10n],
      [1n, 2n, 4n],
      [
        [1n, 3n, 6n],
        [2n, 3n, 5n],
      ],
    ],
    [
      [5n, -5n],
      [1n, 1n],
      [
        [3n, 2n],
        [-3n, -2n],
      ],
    ],
  ])('%s over %s', (rows, weights, cells) => {
    expect(apportionTable(rows, weights)).toEqual(cells);
  });

  it('adds up by row and by column', () => {
    const rows = fc.array(fc.bigInt({ min: -50n, max: 1000n }), { minLength: 1, maxLength: 12 });
    const weights = fc.array(fc.bigInt({ min: 0n, max: 100n }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, weights, (rowSums, given) => {
        fc.pre(sum(given) > 0n);
        const cells = apportionTable(rowSums, given);
        const whole = sum(rowSums);
        for (const [index, row] of cells.entries()) {
          expect(sum(row)).toBe(rowSums[index]);
          if ((rowSums[index] ?? 0n) >= 0n) expect(row.every((cell) => cell >= 0n)).toBe(true);
        }
        for (const [column, weight] of given.entries()) {
          const columnSum = sum(cells.map((row) => row[column] ?? 0n));
          const distance = columnSum * sum(given) - whole * weight;
          expect(distance < sum(given) && distance > -sum(given)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
