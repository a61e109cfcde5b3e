import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { totalsOf } from '../invoices/invoice-totals.js';
import { toDecimal } from '../money/decimal.js';
import { type PriceModel, ratePrice } from './rate-price.js';

function rate(model: PriceModel, unitAmount: string, quantity: string) {
  return ratePrice({ model, unitAmount: toDecimal(unitAmount), quantity: toDecimal(quantity) });
}

describe('ratePrice', () => {
  it.each([
    ['om-unit-10', '10000', '10', 100_000n, '100000'],
    ['iss-kb-1124', '6.7', '55', 369n, '368.5'],
    ['a price finer than a minor unit', '0.8', '1250', 1_000n, '1000'],
    ['a part of a unit', '150000', '0.333333333333', 50_000n, '49999.99999995'],
    ['nothing used', '150000', '0', 0n, '0'],
    ['nothing asked', '0', '12', 0n, '0'],
    ['a half of a minor unit', '0.5', '1', 1n, '0.5'],
    ['numbers that floats get wrong', '0.1', '3', 0n, '0.3'],
  ])('%s: %s × %s', (_, unitAmount, quantity, amount, unrounded) => {
    expect(rate('per_unit', unitAmount, quantity)).toEqual({
      amount,
      unrounded,
      rounding: 'half_away_from_zero',
    });
  });

  it('lago-std-scn-group: a line per group adds up', () => {
    const groups = [rate('per_unit', '1000', '2'), rate('per_unit', '1000', '1')];
    expect(groups.map((group) => group.amount)).toEqual([2_000n, 1_000n]);
    expect(totalsOf(groups).total).toBe(3_000n);
  });

  it('a flat price does not depend on the quantity', () => {
    fc.assert(
      fc.property(fc.nat(), (quantity) => {
        expect(rate('flat', '1500000', String(quantity)).amount).toBe(1_500_000n);
      }),
    );
    expect(rate('flat', '0.5', '7')).toEqual({
      amount: 1n,
      unrounded: '0.5',
      rounding: 'half_away_from_zero',
    });
  });

  it('is exact for whole prices and whole quantities of any size', () => {
    const sizes = fc.bigInt({ min: 0n, max: 10n ** 26n });
    fc.assert(
      fc.property(sizes, sizes, (price, quantity) => {
        expect(rate('per_unit', price.toString(), quantity.toString()).amount).toBe(price * quantity);
      }),
    );
  });
});
