import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { applyDiscounts } from './apply-discounts.js';
import { COUPON_CASES, COUPON_DURATION_CASE } from './coupons.cases.js';
import {
  afterUse,
  afterUseTakenBack,
  type CouponTerms,
  discountInForce,
  type DiscountState,
  newDiscountState,
} from './discount-uses.js';
import type { Discount, DiscountableLine } from './discount-types.js';

function line(amount: bigint, more: Partial<DiscountableLine> = {}): DiscountableLine {
  return { amount, planId: null, priceId: null, ...more };
}

/** A percentage as text or a fixed amount, attached at its place in the list. */
function discount(value: string | bigint, index: number, appliesTo: Discount['appliesTo'] = null): Discount {
  const common = { id: `dsc_${index}`, appliesTo, attachedAt: new Date(index) };
  return typeof value === 'bigint'
    ? { ...common, kind: 'fixed', amountLeft: value }
    : { ...common, kind: 'percentage', percent: toDecimal(value) };
}

describe('cases of open billing engines', () => {
  it.each(COUPON_CASES)('$id', ({ lines, discounts, lineDiscounts, total }) => {
    const applied = applyDiscounts(
      lines.map((amount) => line(amount)),
      discounts.map((value, index) => discount(value, index)),
    );
    expect(applied.total).toBe(total);
    if (lineDiscounts) expect(applied.lines).toEqual(lineDiscounts);
  });

  it('met-cp-limit2: two periods, then the full price', () => {
    const { subtotal, percent, periods, totals } = COUPON_DURATION_CASE;
    const terms: CouponTerms = {
      value: { kind: 'percentage', percent: toDecimal(percent) },
      duration: { kind: 'repeating', periods },
      appliesTo: null,
    };
    let state: DiscountState = { id: 'dsc', attachedAt: new Date(0), ...newDiscountState(terms) };
    for (const total of totals) {
      const now = discountInForce(terms, state);
      const { total: taken } = applyDiscounts([line(subtotal)], now ? [now] : []);
      expect(subtotal - taken).toBe(total);
      state = afterUse(terms, state, { amount: taken, on: 'period' });
    }
    expect(state.status).toBe('used_up');
  });

  it('are all of coupon_amount, coupon_stacking, coupon_duration and discount_distribution', () => {
    expect(new Set([...COUPON_CASES.map(({ id }) => id), COUPON_DURATION_CASE.id]).size).toBe(13);
  });
});

describe('applyDiscounts', () => {
  it('takes percentages before fixed amounts, each kind in the order of attaching', () => {
    const given = [discount(1000n, 0), discount('50', 1), discount(200n, 2), discount('10', 3)];
    const { uses } = applyDiscounts([line(10_000n)], given);
    expect(uses).toEqual([
      { id: 'dsc_1', amount: 5000n },
      { id: 'dsc_3', amount: 500n },
      { id: 'dsc_0', amount: 1000n },
      { id: 'dsc_2', amount: 200n },
    ]);
    expect(applyDiscounts([line(10_000n)], [...given].reverse()).uses).toEqual(uses);
  });

  it('breaks ties of the moment by the id', () => {
    const same = [discount(600n, 2), discount(600n, 1)].map((one) => ({ ...one, attachedAt: new Date(0) }));
    for (const given of [same, [...same].reverse()]) {
      expect(applyDiscounts([line(1000n)], given).uses).toEqual([
        { id: 'dsc_1', amount: 600n },
        { id: 'dsc_2', amount: 400n },
      ]);
    }
  });

  it('keeps to plans and prices', () => {
    const lines = [
      line(1000n, { planId: 'p1', priceId: 'a' }),
      line(1000n, { planId: 'p2', priceId: 'b' }),
      line(1000n, { planId: 'p2', priceId: 'c' }),
      line(1000n),
    ];
    const limited = (planIds: string[], priceIds: string[]) =>
      applyDiscounts(lines, [discount('10', 0, { planIds, priceIds })]).lines;
    expect(limited(['p2'], [])).toEqual([0n, 100n, 100n, 0n]);
    expect(limited(['p1'], ['c'])).toEqual([100n, 0n, 100n, 0n]);
    expect(limited([], [])).toEqual([0n, 0n, 0n, 0n]);
  });

  it('lists discounts that had nothing to take', () => {
    expect(applyDiscounts([], [discount('10', 0)])).toEqual({
      lines: [],
      uses: [{ id: 'dsc_0', amount: 0n }],
      total: 0n,
    });
    expect(applyDiscounts([line(0n)], [discount(10n, 0)]).uses).toEqual([{ id: 'dsc_0', amount: 0n }]);
    expect(applyDiscounts([line(5n)], [])).toEqual({ lines: [0n], uses: [], total: 0n });
  });

  it('leaves credits alone: they were discounted when they were billed', () => {
    expect(applyDiscounts([line(10_000n), line(-4500n)], [discount('10', 0)]).lines).toEqual([1000n, 0n]);
  });

  it('never makes an invoice negative by a fixed amount', () => {
    const lines = [line(10_000n), line(-8000n)];
    expect(applyDiscounts(lines, [discount(5000n, 0)]).total).toBe(2000n);
    expect(applyDiscounts([line(1000n), line(-8000n)], [discount(5000n, 0)]).total).toBe(0n);
    expect(applyDiscounts(lines, [discount('10', 0), discount(5000n, 1)]).uses[1]?.amount).toBe(1000n);
  });

  it('takes percentages of what a maximum has left', () => {
    const lines = [line(15_000n), line(-5000n, { discounting: 'included' })];
    expect(applyDiscounts(lines, [discount('10', 0)]).lines).toEqual([1000n, 0n]);
    expect(
      applyDiscounts([line(100n), line(-500n, { discounting: 'included' })], [discount('10', 0)]).total,
    ).toBe(0n);
  });

  it('leaves out charges that are discounted already', () => {
    const lines = [line(1000n, { discounting: 'excluded' }), line(1000n)];
    expect(applyDiscounts(lines, [discount('10', 0)]).lines).toEqual([0n, 100n]);
  });

  it('takes from each line no more than it is, and in total what the uses say, whatever the order', () => {
    const lines = fc.array(
      fc.record({
        amount: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 7n }),
        planId: fc.constantFrom('p1', 'p2', null),
        priceId: fc.constantFrom('a', 'b', null),
      }),
      { maxLength: 8 },
    );
    const values = fc.array(
      fc.tuple(
        fc.oneof(
          fc.bigInt({ min: 1n, max: 10n ** 7n }),
          fc.integer({ min: 1, max: 10_000 }).map((n) => (n / 100).toFixed(2)),
        ),
        fc.constantFrom(null, { planIds: ['p1'], priceIds: ['b'] }),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(lines, values, fc.nat(), (given, offered, turn) => {
        const discounts = offered.map(([value, appliesTo], index) => discount(value, index, appliesTo));
        const applied = applyDiscounts(given, discounts);
        expect(applied.lines.reduce((sum, taken) => sum + taken, 0n)).toBe(applied.total);
        expect(applied.uses.reduce((sum, use) => sum + use.amount, 0n)).toBe(applied.total);
        for (const [index, taken] of applied.lines.entries()) {
          const amount = given[index]?.amount ?? 0n;
          expect(taken >= 0n && taken <= (amount > 0n ? amount : 0n)).toBe(true);
        }
        const start = discounts.length === 0 ? 0 : turn % discounts.length;
        const turned = [...discounts.slice(start), ...discounts.slice(0, start)];
        expect(applyDiscounts(given, turned)).toEqual(applied);
      }),
      { numRuns: 500 },
    );
  });
});

describe('uses of a discount', () => {
  const percentage = { kind: 'percentage', percent: toDecimal('20') } as const;
  const fixed = { kind: 'fixed', amount: 1000n } as const;
  const attach = (terms: CouponTerms): DiscountState => ({
    id: 'dsc',
    attachedAt: new Date(0),
    ...newDiscountState(terms),
  });
  const terms = (value: CouponTerms['value'], duration: CouponTerms['duration']): CouponTerms => ({
    value,
    duration,
    appliesTo: null,
  });

  it('a fixed one that is used once keeps its rest until it is gone', () => {
    const once = terms(fixed, { kind: 'once' });
    const first = afterUse(once, attach(once), { amount: 400n, on: 'period' });
    expect(discountInForce(once, first)).toMatchObject({ kind: 'fixed', amountLeft: 600n });
    const second = afterUse(once, first, { amount: 600n, on: 'other' });
    expect(second).toMatchObject({ amountLeft: 0n, status: 'used_up' });
    expect(discountInForce(once, second)).toBeUndefined();
    expect(() => afterUse(once, first, { amount: 601n, on: 'period' })).toThrow(
      'A discount took more than was left of it.',
    );
    expect(afterUseTakenBack(second, { amount: 600n, on: 'other' })).toEqual(first);
  });

  it('a percentage that is used once is gone after any invoice that it took something off', () => {
    const once = terms(percentage, { kind: 'once' });
    expect(attach(once).amountLeft).toBeNull();
    expect(afterUse(once, attach(once), { amount: 0n, on: 'period' })).toEqual(attach(once));
    expect(afterUse(once, attach(once), { amount: 1n, on: 'other' }).status).toBe('used_up');
  });

  it('one for some periods gives all of itself in each, and counts invoices of periods only', () => {
    const repeating = terms(fixed, { kind: 'repeating', periods: 2 });
    const first = afterUse(repeating, attach(repeating), { amount: 100n, on: 'period' });
    expect(discountInForce(repeating, first)).toMatchObject({ amountLeft: 1000n });
    const between = afterUse(repeating, first, { amount: 1000n, on: 'other' });
    expect(between).toMatchObject({ periodsUsed: 1, status: 'active' });
    const second = afterUse(repeating, between, { amount: 1000n, on: 'period' });
    expect(second).toMatchObject({ periodsUsed: 2, status: 'used_up' });
    expect(afterUseTakenBack(second, { amount: 1000n, on: 'period' })).toEqual(first);
    expect(afterUseTakenBack(first, { amount: 5n, on: 'other' })).toEqual(first);
  });

  it('one that is forever never ends by itself', () => {
    const forever = terms(percentage, { kind: 'forever' });
    let state = attach(forever);
    for (let n = 0; n < 5; n += 1) state = afterUse(forever, state, { amount: 10n, on: 'period' });
    expect(state).toMatchObject({ status: 'active', periodsUsed: 5 });
    expect(discountInForce(forever, { ...state, status: 'removed' })).toBeUndefined();
    expect(afterUseTakenBack({ ...state, status: 'removed' }, { amount: 1n, on: 'period' }).status).toBe(
      'removed',
    );
    expect(afterUseTakenBack(state, { amount: 0n, on: 'period' })).toBe(state);
    expect(afterUseTakenBack({ ...state, periodsUsed: 0 }, { amount: 1n, on: 'period' }).periodsUsed).toBe(0);
  });
});
