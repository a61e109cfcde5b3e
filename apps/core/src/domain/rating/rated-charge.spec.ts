import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { pricedStep, toCharge } from './charge-steps.js';
import { AmountTooLargeError, checkLineAmount, type RatingStep } from './rated-charge.js';

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

describe('checkLineAmount', () => {
  it.each([0n, MOST, -MOST])('hands %s on', (amount) => {
    expect(checkLineAmount(amount)).toBe(amount);
  });

  it.each([MOST + 1n, -MOST - 1n])('refuses %s', (amount) => {
    expect(() => checkLineAmount(amount)).toThrow(AmountTooLargeError);
    expect(() => checkLineAmount(amount)).toThrow(
      `An amount of ${amount} minor units is more than one line can have.`,
    );
  });
});

describe('toCharge', () => {
  const steps: readonly RatingStep[] = [
    { kind: 'conversion', measured: '4', converted: '2' },
    { kind: 'free', of: 'amount', quantity: '1' },
    pricedStep({ kind: 'percentage', quantity: toDecimal('1'), amount: toDecimal('1') }),
  ];

  it('adds amounts up and rounds once', () => {
    const amounts = ['0.25', '0.25'].map((amount) => toDecimal(amount));
    const charge = toCharge({ quantityBilled: toDecimal('1'), amounts, steps });
    expect(charge).toMatchObject({ amount: 1n, steps });
    expect(charge.unrounded.toFixed()).toBe('0.5');
  });

  it('bills nothing of what comes below zero, and keeps the steps that have no price', () => {
    const amounts = ['1', '-1.5'].map((amount) => toDecimal(amount));
    const charge = toCharge({ quantityBilled: toDecimal('1'), amounts, steps });
    expect(charge).toMatchObject({ amount: 0n, steps: steps.slice(0, 2) });
    expect([charge.unrounded.toFixed(), charge.quantityBilled.toFixed()]).toEqual(['0', '0']);
  });
});
