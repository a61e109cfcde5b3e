import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Cycle, periodAt } from '../calendar/periods.js';
import { roundToMinor, toDecimal } from '../money/decimal.js';
import { prorate } from '../proration/fraction.js';
import { prorationFactor, splitPeriod, type ProrationBasis } from '../proration/proration-factor.js';
import type { ItemInForce, NewItem } from './changed-items.js';
import { planChange, type PlanChangeLines } from './plan-change.js';

const cycles: fc.Arbitrary<Cycle> = fc.record({
  anchorDate: fc
    .date({ min: new Date('2005-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  interval: fc.constantFrom('month', 'quarter', 'half_year', 'year' as const),
  count: fc.constant(1),
  timeZone: fc.constantFrom(
    'Africa/Lagos',
    'Africa/Cairo',
    'Africa/Casablanca',
    'Pacific/Apia',
    'America/Santiago',
  ),
});
const bases = fc.constantFrom<ProrationBasis>('day', 'second');
/** Prices in minor units with up to two more decimals, as discounts leave them. */
const prices = fc.integer({ min: 0, max: 50_000_000 }).map((hundredths) => `${hundredths / 100}`);
const moments = fc.double({ min: 0, max: 0.999, noNaN: true });
const kinds = fc.constantFrom<'same_price' | 'other_price'>('same_price', 'other_price');

function item(plan: number, amount: string, kind: 'same_price' | 'other_price'): NewItem {
  return {
    key: `item-${plan}`,
    priceId: kind === 'same_price' ? 'seat' : `price-${plan}`,
    model: 'per_unit',
    kind: 'recurring',
    timing: 'in_advance',
    quantity: toDecimal(BigInt(plan + 1)),
    listAmount: toDecimal(amount),
    amount: toDecimal(amount),
  };
}

function sumOf(lines: readonly { amount: bigint }[]): bigint {
  return lines.reduce((total, { amount }) => total + amount, 0n);
}

function net({ credits, charges }: PlanChangeLines): bigint {
  return sumOf(charges) - sumOf(credits);
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

describe('changes of plan, whenever and to whatever price', () => {
  it('bill every plan for its own days, give or take a unit a line', () => {
    const plans = fc.array(prices, { minLength: 4, maxLength: 4 });
    const ats = fc.array(moments, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(cycles, plans, ats, bases, kinds, (cycle, amounts, shares, basis, kind) => {
        const full = periodAt(cycle, 0);
        const { timeZone } = cycle;
        const length = full.end.getTime() - full.start.getTime();
        const cuts = shares
          .map((share) => new Date(full.start.getTime() + Math.floor(share * length)))
          .sort((a, b) => a.getTime() - b.getTime());
        const [first = '0', ...later] = amounts;
        let billed = roundToMinor(toDecimal(first), 'half_away_from_zero');
        let lines = 1n;
        let old: ItemInForce = { ...item(0, first, kind), billed, credited: 0n, since: full.start };
        for (const [n, amount] of later.entries()) {
          const at = cuts[n] ?? full.end;
          const next = item(n + 1, amount, kind);
          const change = planChange({ old: [old], next: [next], at, period: full, full, timeZone, basis });
          billed += net(change);
          lines += BigInt(change.credits.length + change.charges.length);
          const [charged, credited] = [sumOf(change.charges), sumOf(change.credits)];
          // A netted line leaves the item with what it had; otherwise the new one has its charge only.
          old =
            kind === 'same_price'
              ? { ...next, billed: old.billed + charged, credited: old.credited + credited, since: at }
              : { ...next, billed: charged, credited: 0n, since: at };
        }
        const bounds = [full.start, ...cuts, full.end];
        const expected = amounts.reduce((sum, amount, n) => {
          const part = { start: bounds[n] ?? full.end, end: bounds[n + 1] ?? full.end };
          return sum.plus(prorate(toDecimal(amount), prorationFactor({ part, full, timeZone, basis })));
        }, toDecimal('0'));
        const difference = expected.minus(toDecimal(billed)).abs();
        expect(difference.lessThanOrEqualTo(toDecimal(lines))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('and back at the same moment come to nothing', () => {
    fc.assert(
      fc.property(cycles, prices, prices, moments, bases, kinds, (cycle, from, to, share, basis, kind) => {
        const full = periodAt(cycle, 0);
        const at = new Date(
          full.start.getTime() + Math.floor(share * (full.end.getTime() - full.start.getTime())),
        );
        const question = { at, period: full, full, timeZone: cycle.timeZone, basis };
        const [a, b] = [item(0, from, kind), item(1, to, kind)];
        const whole = roundToMinor(toDecimal(from), 'half_away_from_zero');
        const there = planChange({ ...question, old: [{ ...a, billed: whole, credited: 0n }], next: [b] });
        const charged = sumOf(there.charges);
        const billed = kind === 'same_price' ? whole + charged : charged;
        const back = planChange({ ...question, old: [{ ...b, billed, credited: 0n, since: at }], next: [a] });
        expect(magnitude(net(there) + net(back)) <= 1n).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('never credit more than was billed', () => {
    fc.assert(
      fc.property(
        cycles,
        prices,
        moments,
        fc.bigInt({ min: 0n, max: 500_000n }),
        fc.bigInt({ min: 0n, max: 500_000n }),
        (cycle, price, share, billed, credited) => {
          const full = periodAt(cycle, 0);
          const at = splitPeriod(full, [
            new Date(full.start.getTime() + Math.floor(share * (full.end.getTime() - full.start.getTime()))),
          ]).at(-1)?.start;
          const { credits } = planChange({
            old: [{ ...item(0, price, 'other_price'), billed, credited }],
            next: [],
            at: at ?? full.start,
            period: full,
            full,
            timeZone: cycle.timeZone,
            basis: 'day',
          });
          const given = sumOf(credits);
          const rest = billed > credited ? billed - credited : 0n;
          expect(given >= 0n && given <= rest).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
