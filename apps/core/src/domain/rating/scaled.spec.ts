import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { hugeNumbers } from './charge-terms.arbitrary.js';
import { fromScaled, powerOfTen, printScaled, roundScaled, toScaled } from './scaled.js';

describe('scaled numbers', () => {
  it.each([
    ['0', 0, 0n],
    ['0', 12, 0n],
    ['1', 3, 1_000n],
    ['-1.5', 1, -15n],
    ['0.000000000001', 12, 1n],
    ['10000000', 0, 10_000_000n],
    ['12345678.9', 1, 123_456_789n],
    ['1.5', 0, null],
    ['0.05', 1, null],
    ['1000000000000000', 12, 10n ** 27n],
  ])('reads %s in units of 10^-%s', (text, scale, scaled) => {
    expect(toScaled(toDecimal(text), scale)).toBe(scaled);
  });

  it('refuses what is no number', () => {
    expect(toScaled(toDecimal('1').div(0), 0)).toBeNull();
  });

  it.each([
    [0n, 0, '0'],
    [0n, 3, '0'],
    [5n, 3, '0.005'],
    [1_500n, 3, '1.5'],
    [2_000n, 3, '2'],
    [100n, 0, '100'],
    [123n, 2, '1.23'],
  ])('prints %s of 10^-%s as %s', (scaled, scale, text) => {
    expect(printScaled(scaled, scale)).toBe(text);
  });

  it.each([
    [15n, 1, 2n],
    [14n, 1, 1n],
    [7n, 0, 7n],
    [499n, 3, 0n],
    [500n, 3, 1n],
  ])('rounds %s of 10^-%s to %s', (scaled, scale, whole) => {
    expect(roundScaled(scaled, scale)).toBe(whole);
  });

  it('go there and back without loss, also beyond the table of powers', () => {
    fc.assert(
      fc.property(hugeNumbers, fc.constantFrom(12, 13, 40, 90), (value, scale) => {
        const scaled = toScaled(value, scale);
        expect(scaled).toBe(BigInt(value.times(`1e${scale}`).toFixed()));
        expect(fromScaled(scaled ?? -1n, scale)).toEqual(value);
        expect(roundScaled(scaled ?? -1n, scale)).toBe(BigInt(value.toDecimalPlaces(0).toFixed()));
      }),
    );
    expect(powerOfTen(90)).toBe(10n ** 90n);
  });
});
