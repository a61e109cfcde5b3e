import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { type ItemInForce, type ItemPair, type NewItem, pairItems } from './changed-items.js';

function item(key: string, rest: Partial<NewItem> = {}): NewItem {
  return {
    key,
    priceId: 'seats',
    model: 'per_unit',
    kind: 'recurring',
    timing: 'in_advance',
    quantity: toDecimal('1'),
    listAmount: toDecimal('1000'),
    amount: toDecimal('1000'),
    ...rest,
  };
}

function inForce(key: string, rest: Partial<NewItem> = {}): ItemInForce {
  return { ...item(key, rest), billed: 1000n, credited: 0n };
}

/** Who goes with whom: `old→new`, or one side alone. */
function named(pairs: readonly ItemPair[]): string[] {
  return pairs.map(({ old, next }) => `${old?.key ?? ''}→${next?.key ?? ''}`);
}

const more = { quantity: toDecimal('3'), listAmount: toDecimal('3000') };

describe('pairItems', () => {
  it.each([
    ['of another price', { priceId: 'storage' }],
    ['of another model', { model: 'volume' }],
    ['billed once and no longer each period', { kind: 'one_time' }],
    ['billed at the other end of the period', { timing: 'in_arrears' }],
  ] as const)('keeps an item apart from one %s', (_, other) => {
    const next = [item('new', { ...more, ...other })];
    expect(named(pairItems({ old: [inForce('old')], next, cycle: 'goes_on' }))).toEqual(['old→', '→new']);
  });

  it('puts more or fewer of the same together, and leaves out what stays', () => {
    const old = [inForce('one'), inForce('two', more), inForce('gone', { priceId: 'storage' })];
    const next = [item('stays', more), item('becomes', { ...more, quantity: toDecimal('4') })];
    expect(named(pairItems({ old, next, cycle: 'goes_on' }))).toEqual(['one→becomes', 'gone→']);
  });

  it('calls it a change when the same number has another price, and none when the discount differs', () => {
    const changesTo = (next: NewItem) =>
      named(pairItems({ old: [inForce('old')], next: [next], cycle: 'goes_on' }));
    expect(changesTo(item('dearer', { listAmount: toDecimal('1200') }))).toEqual(['old→dearer']);
    expect(changesTo(item('discounted', { amount: toDecimal('800') }))).toEqual([]);
  });

  it('ends and begins every recurring item with a new cycle, and keeps what was bought once', () => {
    const bought = { priceId: 'setup', kind: 'one_time' } as const;
    const old = [inForce('fee'), inForce('setup', bought)];
    const next = [item('same fee'), item('same setup', bought)];
    expect(named(pairItems({ old, next, cycle: 'restarts' }))).toEqual(['fee→', '→same fee']);
  });
});
