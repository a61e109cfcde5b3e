import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { ZERO } from './billable-quantity.js';
import {
  hugeNumbers,
  PLAIN,
  prices,
  quantities,
  quantityTerms,
  tieredTerms,
  tierLists,
} from './charge-terms.arbitrary.js';
import type { ChargeTerms, Tier } from './charge-terms.js';
import { compileTerms } from './compile-terms.js';
import { rateCharge } from './rate-charge.js';
import { addBilled, rateDifference } from './rate-difference.js';
import { AmountTooLargeError, type RatedCharge } from './rated-charge.js';

function graduated(tiers: readonly Tier[]): ChargeTerms {
  return { model: 'graduated', tiers, billFlatAtZero: false, ...PLAIN };
}

function billed({ amount, quantityBilled, steps }: RatedCharge) {
  return { amount, quantity: quantityBilled, steps };
}

/** Decimals compare by their digits. */
function printed({ unrounded, amount, quantityBilled, steps }: RatedCharge) {
  return { unrounded: unrounded.toFixed(), amount, quantityBilled: quantityBilled.toFixed(), steps };
}

describe('rating', () => {
  it('compiled is rating by plain decimals, to the last digit and step', () => {
    fc.assert(
      fc.property(quantityTerms, fc.array(quantities, { minLength: 1, maxLength: 5 }), (terms, many) => {
        const rate = compileTerms(terms);
        const bounds = 'tiers' in terms ? terms.tiers.map((tier) => ('upTo' in tier ? tier.upTo : null)) : [];
        for (const quantity of [...many, ...bounds.filter((bound) => bound !== null)]) {
          expect(printed(rate({ quantity }))).toEqual(printed(rateCharge(terms, { quantity })));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('compiled takes the largest quantities and prices, or refuses what no line can have, as plain rating does', () => {
    const outcome = (rate: () => RatedCharge) => {
      try {
        return printed(rate());
      } catch (error) {
        return error instanceof AmountTooLargeError ? error.message : error;
      }
    };
    fc.assert(
      fc.property(hugeNumbers, hugeNumbers, hugeNumbers, (bound, price, quantity) => {
        const rest = { upTo: null, unitAmount: price.div(2), flatAmount: price };
        const terms = graduated([{ upTo: bound.plus('1e-12'), unitAmount: price, flatAmount: ZERO }, rest]);
        const usage = { quantity };
        expect(outcome(() => compileTerms(terms)(usage))).toEqual(outcome(() => rateCharge(terms, usage)));
      }),
    );
  });

  it('never costs less for more, where each unit has a price of its own', () => {
    const monotonic = fc.oneof(
      tierLists.map(graduated),
      prices.map((unitAmount): ChargeTerms => ({ model: 'per_unit', unitAmount, ...PLAIN })),
      fc
        .tuple(prices, fc.constantFrom('up' as const, 'down' as const))
        .map(([packageAmount, rounding]): ChargeTerms => ({
          model: 'package',
          packageSize: toDecimal('12.5'),
          packageAmount,
          rounding,
          ...PLAIN,
        })),
    );
    fc.assert(
      fc.property(monotonic, quantities, quantities, (terms, a, b) => {
        const [less, more] = a.lt(b) ? [a, b] : [b, a];
        const charges = [less, more].map((quantity) => rateCharge(terms, { quantity }));
        expect(charges[1]?.unrounded.gte(charges[0]?.unrounded ?? 0)).toBe(true);
        expect((charges[1]?.amount ?? 0n) >= (charges[0]?.amount ?? 0n)).toBe(true);
      }),
    );
  });

  it('by one tier is rating by unit', () => {
    fc.assert(
      fc.property(
        prices,
        quantities,
        fc.constantFrom('graduated', 'volume'),
        (unitAmount, quantity, model) => {
          const tiers = [{ upTo: null, unitAmount, flatAmount: ZERO }];
          const tiered = rateCharge({ model, tiers, billFlatAtZero: false, ...PLAIN }, { quantity });
          const perUnit = rateCharge({ model: 'per_unit', unitAmount, ...PLAIN }, { quantity });
          expect(tiered.unrounded).toEqual(perUnit.unrounded);
          expect(tiered.amount).toBe(perUnit.amount);
        },
      ),
    );
  });

  it('does not change when a tier is split in two of its price', () => {
    fc.assert(
      fc.property(tierLists, fc.nat(), quantities, (tiers, place, quantity) => {
        const index = place % tiers.length;
        const tier = tiers[index];
        const start = tiers[index - 1]?.upTo ?? ZERO;
        if (tier === undefined) return;
        const middle = tier.upTo === null ? start.plus(17) : start.plus(tier.upTo).div(2);
        const split = tiers.toSpliced(index, 1, { ...tier, upTo: middle }, { ...tier, flatAmount: ZERO });
        const charges = [tiers, split].map((list) => rateCharge(graduated(list), { quantity }));
        expect(charges[1]?.unrounded).toEqual(charges[0]?.unrounded);
      }),
    );
  });

  it('of nothing is nothing, but for a flat amount that is asked for', () => {
    fc.assert(
      fc.property(tieredTerms, (terms) => {
        const first = terms.billFlatAtZero ? (terms.tiers[0]?.flatAmount ?? ZERO) : ZERO;
        for (const quantity of [ZERO, toDecimal('-5'), terms.freeUnits]) {
          expect(rateCharge(terms, { quantity }).unrounded.eq(first)).toBe(true);
        }
      }),
    );
  });

  it('has steps that add up to the amount, and to the quantity', () => {
    fc.assert(
      fc.property(tieredTerms, quantities, (terms, quantity) => {
        const charge = rateCharge(terms, { quantity });
        const priced = charge.steps.filter((step) => 'amount' in step);
        const sum = (of: 'amount' | 'quantity') =>
          priced.reduce((total, step) => total.plus(step[of]), ZERO).toFixed();
        expect(sum('amount')).toBe(charge.unrounded.toFixed());
        expect(sum('quantity')).toBe(charge.quantityBilled.toFixed());
      }),
    );
  });

  it('in parts over a period comes to what the whole costs, in amounts, quantities and tiers', () => {
    fc.assert(
      fc.property(quantityTerms, fc.array(quantities, { minLength: 1, maxLength: 4 }), (terms, added) => {
        fc.pre(terms.model !== 'flat');
        let total = ZERO;
        let sofar = addBilled([]);
        for (const more of added) {
          total = total.plus(more);
          sofar = addBilled([sofar, rateDifference(rateCharge(terms, { quantity: total }), sofar)]);
        }
        const whole = rateCharge(terms, { quantity: total });
        expect(sofar.amount).toBe(whole.amount);
        expect(sofar.quantity.toFixed()).toBe(whole.quantityBilled.toFixed());
        expect(rateDifference(whole, sofar).steps).toEqual([]);
        expect(rateDifference(rateCharge(terms, { quantity: ZERO }), billed(whole)).amount).toBe(
          rateCharge(terms, { quantity: ZERO }).amount - whole.amount,
        );
      }),
    );
  });

  it('prorated by nothing is plain rating', () => {
    fc.assert(
      fc.property(tieredTerms, quantities, (terms, quantity) => {
        const prorated = rateCharge(terms, { quantity, proratedQuantity: quantity });
        expect(printed(prorated)).toEqual(printed(rateCharge(terms, { quantity })));
      }),
    );
  });

  it('holds the figures of the seed: 1 ¢ to 10,000, 0.8 ¢ to 100,000, 0.5 ¢ above', () => {
    const terms = graduated([
      { upTo: toDecimal('10000'), unitAmount: toDecimal('1'), flatAmount: ZERO },
      { upTo: toDecimal('100000'), unitAmount: toDecimal('0.8'), flatAmount: ZERO },
      { upTo: null, unitAmount: toDecimal('0.5'), flatAmount: ZERO },
    ]);
    const amounts = ['5000', '50000', '200000'].map(
      (quantity) => compileTerms(terms)({ quantity: toDecimal(quantity) }).amount,
    );
    expect(amounts).toEqual([5_000n, 42_000n, 132_000n]);
  });
});
