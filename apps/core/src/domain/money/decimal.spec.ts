import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Decimal, roundToMinor, toDecimal } from './decimal.js';

/** The text of a NUMERIC(38,12). */
const numeric = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 26n - 1n }),
    fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
  )
  .map(
    ([negative, whole, fraction]) =>
      `${negative ? '-' : ''}${whole}.${fraction.toString().padStart(12, '0')}`,
  );

/** A NUMERIC(38,12) as a whole number of 10^-12. */
function scaled(text: string): bigint {
  return BigInt(text.replace('.', ''));
}

describe('toDecimal', () => {
  it.each(['0.8', '-12', '+3.50', '.25', '5.', '1e-7', '123456789012345678901234567890.123456789012'])(
    'reads %s',
    (text) => {
      expect(toDecimal(text).eq(new Decimal(text))).toBe(true);
    },
  );

  it.each(['', ' 1', '1,5', '0x10', 'NaN', 'Infinity', '--1', '1e9999'])('refuses "%s"', (text) => {
    expect(() => toDecimal(text)).toThrow(`"${text}" is not a decimal number.`);
  });

  it('prints plainly, never with an exponent', () => {
    expect(toDecimal('0.000000000001').toString()).toBe('0.000000000001');
    expect(toDecimal('1e30').toString()).toBe(`1${'0'.repeat(30)}`);
  });
});

describe('arithmetic', () => {
  it('multiplies any two columns exactly', () => {
    fc.assert(
      fc.property(numeric, numeric, (a, b) => {
        const product = toDecimal(a).times(toDecimal(b));
        expect(BigInt(product.times('1e24').toFixed(0))).toBe(scaled(a) * scaled(b));
      }),
    );
  });
});

describe('roundToMinor', () => {
  it.each([
    ['0.5', 1n],
    ['-0.5', -1n],
    ['1.5', 2n],
    ['2.5', 3n],
    ['-2.5', -3n],
    ['0.49999999999999999999', 0n],
    ['-0.49', 0n],
    ['368.5', 369n],
    ['100.4999', 100n],
    ['12345678901234567890123.5', 12345678901234567890124n],
  ])('takes %s to %s, halves away from zero', (text, amount) => {
    expect(roundToMinor(toDecimal(text), 'half_away_from_zero')).toBe(amount);
  });

  it('is never further than half a unit away, and symmetric around zero', () => {
    fc.assert(
      fc.property(numeric, (text) => {
        const value = toDecimal(text);
        const rounded = roundToMinor(value, 'half_away_from_zero');
        expect(value.minus(rounded.toString()).abs().lte('0.5')).toBe(true);
        expect(roundToMinor(value.neg(), 'half_away_from_zero')).toBe(-rounded);
      }),
    );
  });

  it('refuses what is no amount', () => {
    expect(() => roundToMinor(new Decimal(1).div(0), 'half_away_from_zero')).toThrow(
      'An amount must be finite.',
    );
  });
});
