import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { fraction, WHOLE } from '../proration/fraction.js';
import { commitmentOverage, commitmentTrueUp } from './commitment.js';
import { applyPeriodBounds, capLines, shortfall } from './period-bounds.js';

const bounds = { minimum: null, maximum: null, amount: 500n, factor: WHOLE, alreadyBilled: 0n };

describe('applyPeriodBounds', () => {
  it.each([
    ['no bounds', {}, 0n, 500n, 0n],
    ['a maximum not reached', { maximum: 501n }, 0n, 500n, 0n],
    ['a maximum reached', { maximum: 500n }, 0n, 500n, 0n],
    ['a maximum passed', { maximum: 499n }, 1n, 499n, 0n],
    ['a maximum used up', { maximum: 100n, alreadyBilled: 100n }, 500n, 0n, 0n],
    ['a maximum passed before it was lowered', { maximum: 100n, alreadyBilled: 150n }, 500n, 0n, 0n],
    ['a correction beyond the maximum', { maximum: 100n, alreadyBilled: 150n, amount: -20n }, 0n, -20n, 0n],
    ['a maximum that is not prorated', { maximum: 500n, factor: fraction(1n, 2n) }, 0n, 500n, 0n],
    ['a minimum reached', { minimum: 500n }, 0n, 500n, 0n],
    ['a minimum missed', { minimum: 501n }, 0n, 500n, 1n],
    ['a minimum reached with what was billed', { minimum: 700n, alreadyBilled: 200n }, 0n, 500n, 0n],
    ['a prorated minimum', { minimum: 1_101n, factor: fraction(1n, 2n) }, 0n, 500n, 51n],
    ['a minimum and a lower maximum', { minimum: 450n, maximum: 400n }, 100n, 400n, 50n],
  ])('keeps to %s', (_, given, discount, due, trueUp) => {
    expect(applyPeriodBounds({ ...bounds, ...given })).toEqual({ discount, due, trueUp });
  });

  it('gives the room to the first lines', () => {
    const lines = capLines([300n, -50n, 200n, 10n], 400n).map(({ due }) => due);
    expect(lines).toEqual([300n, -50n, 150n, 0n]);
  });
});

describe('a commitment', () => {
  it('is rounded once, after what was reached is taken off', () => {
    expect(shortfall({ promised: 1_000n, factor: fraction(15n, 31n), reached: 200n })).toBe(284n);
    expect(shortfall({ promised: 1n, factor: fraction(1n, 2n), reached: 0n })).toBe(1n);
    expect(shortfall({ promised: 1n, factor: fraction(1n, 2n), reached: 2n })).toBe(0n);
  });

  it('is trued up, or exceeded', () => {
    const input = { commitment: 1_000n, factor: WHOLE, overageFactor: toDecimal('1.5') };
    expect(commitmentTrueUp({ ...input, spent: 400n })).toEqual({ committed: 1_000n, trueUp: 600n });
    expect(commitmentOverage({ ...input, spent: 400n })).toEqual({
      committed: 1_000n,
      trueUp: 600n,
      within: 400n,
      beyond: 0n,
      surcharge: 0n,
    });
    expect(commitmentOverage({ ...input, factor: fraction(1n, 2n), spent: 801n })).toEqual({
      committed: 500n,
      trueUp: 0n,
      within: 500n,
      beyond: 301n,
      surcharge: 151n,
    });
    const cheaper = { ...input, overageFactor: toDecimal('0.8'), spent: 1_100n };
    expect(commitmentOverage(cheaper)).toMatchObject({ beyond: 100n, surcharge: -20n });
  });
});
