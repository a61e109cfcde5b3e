import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { roundToMinor, toDecimal } from '../money/decimal.js';
import { totalsOf } from './invoice-totals.js';

describe('totalsOf', () => {
  it('is zero without lines', () => {
    expect(totalsOf([])).toEqual({ subtotal: 0n, total: 0n });
  });

  it('is the plain sum of the lines, in any order', () => {
    const lines = fc.array(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }).map((amount) => ({ amount })));
    fc.assert(
      fc.property(lines, (given) => {
        const sum = given.reduce((total, line) => total + line.amount, 0n);
        expect(totalsOf(given)).toEqual({ subtotal: sum, total: sum });
        expect(totalsOf([...given].reverse())).toEqual(totalsOf(given));
      }),
    );
  });

  it('iss-lago-2643: tax on the sum of the lines, 334.992 becomes 334.99', () => {
    const { total } = totalsOf([{ amount: 6833n }, { amount: 6833n }, { amount: 5750n }, { amount: 8500n }]);
    const tax = roundToMinor(toDecimal(total).times('0.20'), 'half_away_from_zero');
    expect(total + tax).toBe(33_499n);
  });
});
