import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CURRENCIES, CURRENCY_CODES, currencyOf, isCurrencyCode } from './currencies.js';
import { toDecimal } from './decimal.js';
import { formatMoney, formatQuantity, formatUnitAmount, fromWireAmount, toWireAmount } from './money.js';

describe('currencies', () => {
  it('have the exponents of ISO 4217', () => {
    const withoutMinorUnit = CURRENCY_CODES.filter((code) => CURRENCIES[code].exponent === 0);
    expect(CURRENCY_CODES).toHaveLength(17);
    expect(withoutMinorUnit).toEqual(['UGX', 'RWF', 'XOF', 'XAF']);
    for (const code of CURRENCY_CODES) {
      expect(CURRENCIES[code].code).toBe(code);
      expect(
        new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions()
          .maximumFractionDigits,
      ).toBe(CURRENCIES[code].exponent);
    }
  });

  it('are known by their upper-case code only', () => {
    expect(isCurrencyCode('NGN')).toBe(true);
    for (const code of ['ngn', 'BTC', '', 'toString', 'constructor']) {
      expect(isCurrencyCode(code)).toBe(false);
      expect(() => currencyOf(code)).toThrow(`${code} is not a currency the platform bills in.`);
    }
  });

  it('have the names that Unicode has for them, and sterling its own', () => {
    const names = new Intl.DisplayNames('en', { type: 'currency' });
    for (const code of CURRENCY_CODES) {
      const name = code === 'GBP' ? 'Pound sterling' : names.of(code);
      expect(CURRENCIES[code].name.toLowerCase()).toBe(name?.toLowerCase());
    }
  });
});

describe('formatMoney', () => {
  it.each([
    [123_450n, 'NGN', '₦1,234.50'],
    [123_450n, 'KES', 'KSh 1,234.50'],
    [123_450n, 'GHS', 'GH₵1,234.50'],
    [5_000n, 'UGX', 'USh 5,000'],
    [123_450n, 'ZAR', 'R 1,234.50'],
    [123_450n, 'TZS', 'TSh 1,234.50'],
    [123_450n, 'RWF', 'FRw 123,450'],
    [123_450n, 'EGP', 'E£1,234.50'],
    [123_450n, 'XOF', 'F CFA 123,450'],
    [123_450n, 'XAF', 'FCFA 123,450'],
    [123_450n, 'MAD', 'DH 1,234.50'],
    [123_450n, 'ETB', 'Br 1,234.50'],
    [123_450n, 'DZD', 'DA 1,234.50'],
    [123_450n, 'ZMW', 'K 1,234.50'],
    [123_450n, 'USD', '$1,234.50'],
    [123_450n, 'EUR', '€1,234.50'],
    [123_450n, 'GBP', '£1,234.50'],
    [0n, 'NGN', '₦0.00'],
    [5n, 'NGN', '₦0.05'],
    [0n, 'UGX', 'USh 0'],
    [-123_450n, 'NGN', '-₦1,234.50'],
    [-5n, 'KES', '-KSh 0.05'],
    [99_999n, 'NGN', '₦999.99'],
    [100_000n, 'NGN', '₦1,000.00'],
    [9_223_372_036_854_775_807n, 'NGN', '₦92,233,720,368,547,758.07'],
  ])('prints %s %s as %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text);
  });

  it('writes as French readers do when asked to', () => {
    expect(formatMoney(1_234_567n, 'XOF', 'fr')).toBe('1\u202f234\u202f567\u00a0F CFA');
    expect(formatMoney(-123_450n, 'MAD', 'fr')).toBe('-1\u202f234,50\u00a0DH');
  });

  it('loses no digit of any amount', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
        fc.constantFrom(...CURRENCY_CODES),
        (amount, code) => {
          const digits = formatMoney(amount, code).replaceAll(/[^\d]/g, '');
          expect(BigInt(digits)).toBe(amount < 0n ? -amount : amount);
        },
      ),
    );
  });
});

describe('formatUnitAmount', () => {
  it.each([
    ['0.8', 'NGN', '₦0.008'],
    ['150000', 'NGN', '₦1,500.00'],
    ['123450.25', 'KES', 'KSh 1,234.5025'],
    ['0.8', 'UGX', 'USh 0.8'],
    ['3700', 'UGX', 'USh 3,700'],
    ['0', 'NGN', '₦0.00'],
    ['-0', 'NGN', '₦0.00'],
    ['-12.5', 'GHS', '-GH₵0.125'],
    ['0.000000000001', 'NGN', '₦0.00000000000001'],
    ['150000.000000000000', 'NGN', '₦1,500.00'],
  ])('prints %s minor units of %s as %s', (unitAmount, currency, text) => {
    expect(formatUnitAmount(toDecimal(unitAmount), currency)).toBe(text);
  });
});

describe('formatQuantity', () => {
  it.each([
    ['1', '1'],
    ['1250.500000000000', '1,250.5'],
    ['0.333333333333', '0.333333333333'],
    ['-1234567', '-1,234,567'],
  ])('prints %s as %s', (quantity, text) => {
    expect(formatQuantity(toDecimal(quantity))).toBe(text);
  });
});

describe('the wire', () => {
  it('carries safe integers there and back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (wire) => {
        expect(toWireAmount(fromWireAmount(wire))).toBe(wire);
      }),
    );
  });

  it('refuses what a JSON integer cannot hold', () => {
    expect(() => toWireAmount(9_007_199_254_740_992n)).toThrow(
      'The amount 9007199254740992 is too large for a JSON integer.',
    );
    expect(() => toWireAmount(-(2n ** 62n))).toThrow(RangeError);
    for (const wire of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => fromWireAmount(wire)).toThrow(`${wire} is not a whole number of minor units.`);
    }
  });
});
