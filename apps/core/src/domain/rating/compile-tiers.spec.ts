import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { compileTiers, type ScaledRater } from './compile-tiers.js';
import { rateCharge } from './rate-charge.js';
import type { RatedCharge } from './rated-charge.js';
import { readChargeTerms } from './read-charge-terms.js';
import { tierTableOf, type TierTableTerms } from './tier-table.js';

const TIERS = [
  { upTo: '10', unitAmount: '2', flatAmount: '0.125' },
  { upTo: '20.5', unitAmount: '0.25' },
  { upTo: null, unitAmount: '1' },
];
const graduated = { model: 'graduated', tiers: TIERS };
const rates = TIERS.map(({ upTo }, index) => ({ upTo, rate: `${index + 1}.5`, flatAmount: '3' }));

function compiled(terms: object, decimals: number): ScaledRater | null {
  return compileTiers(tierTableOf(readChargeTerms(terms) as TierTableTerms), decimals);
}

function printed({ unrounded, amount, quantityBilled, steps }: RatedCharge) {
  return { unrounded: unrounded.toFixed(), amount, quantityBilled: quantityBilled.toFixed(), steps };
}

describe('compileTiers', () => {
  it.each([
    ['a price by unit', { model: 'per_unit', unitAmount: '0.008', freeUnits: '3' }],
    ['graduated tiers', graduated],
    ['tiers by volume', { ...graduated, model: 'volume', billFlatAtZero: true, freeUnits: '0.5' }],
    ['graduated percentages', { model: 'graduated_percentage', tiers: rates }],
  ])('counts %s in whole numbers, and comes to the same as by decimals', (_, terms) => {
    const rate = compiled(terms, 1) ?? expect.fail('It is not compiled.');
    for (const text of ['0', '-2', '0.5', '3', '10', '10.1', '20.5', '1000']) {
      const quantity = toDecimal(text);
      const charge = rate(quantity) ?? expect.fail(`${text} is not rated.`);
      expect(printed(charge)).toEqual(printed(rateCharge(readChargeTerms(terms), { quantity })));
    }
  });

  it.each([
    ['a bound', graduated],
    ['what is free', { model: 'per_unit', unitAmount: '1', freeUnits: '0.5' }],
  ])('leaves %s of more decimals to the exact way', (_, terms) => {
    expect(compiled(terms, 0)).toBeNull();
    expect(compiled(terms, 1)).not.toBeNull();
  });

  it('leaves conversions to the exact way', () => {
    const conversion = { operator: 'divide', factor: '2' };
    expect(compiled({ model: 'per_unit', unitAmount: '1', conversion }, 6)).toBeNull();
  });

  it('leaves a quantity of more decimals to the exact way', () => {
    const rate = compiled({ model: 'per_unit', unitAmount: '0.5' }, 1) ?? expect.fail('It is not compiled.');
    expect(rate(toDecimal('2.25'))).toBeNull();
    expect(rate(toDecimal('2.5'))?.unrounded.toFixed()).toBe('1.25');
  });
});
