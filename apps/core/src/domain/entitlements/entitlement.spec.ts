import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Decimal } from '../money/decimal.js';
import { combineGrants, type Grant, refusalOf, remainingOf } from './entitlement.js';

const MAY = { start: new Date('2027-05-01T00:00:00Z'), end: new Date('2027-06-01T00:00:00Z') };
const JUNE = { start: MAY.end, end: new Date('2027-07-01T00:00:00Z') };
const grant = (amount: number | null, changes: Partial<Grant> = {}): Grant => ({
  enabled: true,
  amount: amount === null ? null : new Decimal(amount),
  reset: 'month',
  times: new Decimal(1),
  period: MAY,
  ...changes,
});
const limit = (...args: Parameters<typeof combineGrants>) => combineGrants(...args).limit?.toFixed() ?? null;

describe('combineGrants', () => {
  it('turns a switch on when any plan has it on', () => {
    const [on, off] = [grant(null), grant(null, { enabled: false })];
    expect(combineGrants('switch', [off, on], null)).toMatchObject({
      enabled: true,
      limit: null,
      reset: null,
    });
    expect(combineGrants('switch', [off], null)).toMatchObject({ enabled: false, source: 'none' });
    expect(combineGrants('switch', [], null)).toMatchObject({ enabled: false, period: null });
  });

  it('adds limits up, each as often as its plan is taken', () => {
    expect(limit('limit', [grant(10), grant(5, { times: new Decimal(3) })], null)).toBe('25');
    expect(limit('quota', [grant(10, { times: new Decimal('0.5') })], null)).toBe('5');
    expect(limit('limit', [grant(10), grant(5, { enabled: false })], null)).toBe('10');
    expect(limit('limit', [grant(10), grant(null)], null)).toBeNull();
    expect(limit('limit', [], null)).toBe('0');
  });

  it('takes reset and period from the first plan that grants it', () => {
    const grants = [
      grant(1, { enabled: false, reset: 'day' }),
      grant(1),
      grant(1, { reset: 'year', period: JUNE }),
    ];
    expect(combineGrants('quota', grants, null)).toMatchObject({ reset: 'month', period: MAY });
    expect(combineGrants('quota', [grant(1, { reset: null })], null).reset).toBe('billing_period');
  });

  it('lets an override say it all, and leaves the reset to the plan', () => {
    const override = { enabled: true, amount: new Decimal(7) };
    expect(combineGrants('quota', [grant(100)], override)).toMatchObject({
      enabled: true,
      limit: new Decimal(7),
      reset: 'month',
      source: 'override',
    });
    expect(limit('limit', [grant(5)], { enabled: true, amount: null })).toBeNull();
    expect(limit('limit', [grant(5)], { enabled: false, amount: null })).toBe('0');
    expect(combineGrants('switch', [], { enabled: true, amount: null })).toMatchObject({ enabled: true });
  });

  it('gives the same amount in whichever order plans come', () => {
    const amounts = fc.array(fc.option(fc.integer({ min: 0, max: 1_000_000 }), { freq: 10 }));
    fc.assert(
      fc.property(amounts, (all) => {
        const grants = all.map((amount) => grant(amount));
        expect(limit('limit', grants, null)).toBe(limit('limit', grants.toReversed(), null));
      }),
    );
  });
});

describe('refusalOf', () => {
  const [used, quantity] = [new Decimal(9), new Decimal(1)];

  it.each<[string, boolean, number | null, string | null]>([
    ['lets the last one be used', true, 10, null],
    ['refuses one more than there is', true, 9, 'limit_reached'],
    ['knows no end of what is without limit', true, null, null],
    ['refuses what nobody granted', false, 0, 'not_entitled'],
  ])('%s', (_, enabled, amount, reason) => {
    const entitlement = { enabled, limit: amount === null ? null : new Decimal(amount) };
    expect(refusalOf(entitlement, { used, quantity })).toBe(reason);
  });

  it('never counts below zero what is left', () => {
    expect(remainingOf(new Decimal(5), used)?.toFixed()).toBe('0');
    expect(remainingOf(new Decimal(10), used)?.toFixed()).toBe('1');
    expect(remainingOf(null, used)).toBeNull();
  });
});
