import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { MRR_CASES } from './mrr.cases.js';
import { mrrMovement, mrrOf, type RecurringDiscount, type RecurringItem } from './mrr.js';

function item(amount: string, interval: RecurringItem['interval'] = 'month', count = 1): RecurringItem {
  return { amount: toDecimal(amount), interval, count };
}

function mrr(items: RecurringItem[], discounts: RecurringDiscount[] = []): bigint {
  return mrrOf({ status: 'active', items, discounts });
}

describe('mrrOf', () => {
  it.each(MRR_CASES)('$id', ({ before, after, delta }) => {
    const of = (prices: (typeof MRR_CASES)[number]['before']) =>
      mrr(prices.map(({ unitAmount, quantity }) => item(toDecimal(unitAmount).times(quantity).toString())));
    expect(of(after) - of(before)).toBe(delta);
  });

  it('runs all cases of mrr', () => {
    expect(new Set(MRR_CASES.map(({ id }) => id)).size).toBe(4);
  });

  it.each([
    ['month', 1, 1200n],
    ['month', 2, 600n],
    ['quarter', 1, 400n],
    ['half_year', 1, 200n],
    ['year', 1, 100n],
    ['year', 2, 50n],
    ['week', 1, 5200n],
    ['week', 2, 2600n],
    ['day', 1, 36_500n],
    ['day', 30, 1217n],
  ] as const)('a price of 12.00 every %s × %s is %s a month', (interval, count, month) => {
    expect(mrr([item('1200', interval, count)])).toBe(month);
  });

  it('rounds once, on the sum', () => {
    expect(mrr([item('100', 'quarter'), item('100', 'quarter'), item('100', 'quarter')])).toBe(100n);
    expect(mrr([item('0.5')])).toBe(1n);
  });

  it('is after discounts that go on, percentages first, and never below zero', () => {
    const half = { kind: 'percentage', percent: toDecimal('50') } as const;
    const off = (amount: bigint, interval: 'month' | 'year') =>
      ({ kind: 'fixed', amount, interval, count: 1 }) as const;
    expect(mrr([item('10000')], [off(1000n, 'month'), half])).toBe(4000n);
    expect(mrr([item('120000', 'year')], [off(12_000n, 'year')])).toBe(9000n);
    expect(mrr([item('1000')], [off(2000n, 'month')])).toBe(0n);
  });

  it('takes a limited discount of what it covers, and no more than that comes to', () => {
    const [seats, support] = [item('10000'), item('3000')];
    const covers = (one: RecurringItem) => one === support;
    const of = (discount: RecurringDiscount) => mrr([seats, support], [discount]);
    expect(of({ kind: 'percentage', percent: toDecimal('50'), covers })).toBe(11_500n);
    expect(of({ kind: 'fixed', amount: 1000n, interval: 'month', count: 1, covers })).toBe(12_000n);
    expect(of({ kind: 'fixed', amount: 5000n, interval: 'month', count: 1, covers })).toBe(10_000n);
  });

  it.each(['scheduled', 'trialing', 'paused', 'canceled'] as const)('is zero while %s', (status) => {
    expect(mrrOf({ status, items: [item('1000')], discounts: [] })).toBe(0n);
  });
});

describe('mrrMovement', () => {
  it.each([
    [0n, 100n, 'first', { kind: 'new', delta: 100n }],
    [0n, 100n, 'earlier', { kind: 'reactivation', delta: 100n }],
    [100n, 170n, 'earlier', { kind: 'expansion', delta: 70n }],
    [100n, 30n, 'earlier', { kind: 'contraction', delta: -70n }],
    [100n, 0n, 'earlier', { kind: 'churn', delta: -100n }],
    [100n, 100n, 'earlier', undefined],
    [0n, 0n, 'first', undefined],
  ] as const)('from %s to %s (%s)', (before, after, history, movement) => {
    expect(mrrMovement({ before, after, history })).toEqual(movement);
  });
});
