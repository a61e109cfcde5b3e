import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { pricedStep } from './charge-steps.js';
import { explainSteps } from './explain.js';
import { rateCharge } from './rate-charge.js';
import type { RatingStep } from './rated-charge.js';
import { readChargeTerms } from './read-charge-terms.js';

const CALLS = {
  model: 'graduated',
  tiers: [
    { upTo: '10000', unitAmount: '1' },
    { upTo: '100000', unitAmount: '0.8', flatAmount: '500' },
    { upTo: null, unitAmount: '0.5' },
  ],
};

function explain(terms: object, quantity: string, events?: readonly string[]): string[] {
  const usage = {
    quantity: toDecimal(quantity),
    ...(events && { events: events.map((event) => toDecimal(event)) }),
  };
  return explainSteps(rateCharge(readChargeTerms(terms), usage).steps, { currency: 'NGN' });
}

describe('explainSteps', () => {
  it('shows the tiers used, so that a reader can add them up', () => {
    expect(explain(CALLS, '50000')).toEqual([
      'Tier 1 (above 0 to 10,000): 10,000 × ₦0.01 = ₦100.00',
      'Tier 2 (above 10,000 to 100,000): 40,000 × ₦0.008 + ₦5.00 flat = ₦325.00',
    ]);
    expect(explain({ ...CALLS, model: 'volume' }, '200000')).toEqual([
      'Tier 3 (above 100,000): 200,000 × ₦0.005 = ₦1,000.00',
    ]);
  });

  it.each([
    [{ model: 'flat', amount: '150000' }, '7', ['Flat price: ₦1,500.00']],
    [
      {
        model: 'per_unit',
        unitAmount: '250',
        freeUnits: '0.5',
        conversion: { operator: 'divide', factor: '1000', rounding: 'up' },
      },
      '1400',
      ['1,400 measured, 2 after conversion', '0.5 free', '1.5 × ₦2.50 = ₦3.75'],
    ],
    [{ model: 'package', packageSize: '100', packageAmount: '50' }, '401', ['Packages: 5 × ₦0.50 = ₦2.50']],
    [
      {
        model: 'tiered_blocks',
        mode: 'all_tiers',
        tiers: [
          { blockSize: '10', maxBlocks: '2', blockAmount: '100' },
          { blockSize: '100', maxBlocks: null, blockAmount: '500' },
        ],
      },
      '121',
      ['Tier 1 (above 0 to 20): Blocks: 2 × ₦1.00 = ₦2.00', 'Tier 2 (above 20): Blocks: 2 × ₦5.00 = ₦10.00'],
    ],
    [
      {
        model: 'graduated_percentage',
        tiers: [
          { upTo: '100000', rate: '2' },
          { upTo: null, rate: '1.5', flatAmount: '100' },
        ],
        freeUnits: '1000',
      },
      '151000',
      [
        '₦10.00 free',
        'Tier 1 (above ₦0.00 to ₦1,000.00): 2% of ₦1,000.00 = ₦20.00',
        'Tier 2 (above ₦1,000.00): 1.5% of ₦500.00 + ₦1.00 flat = ₦8.50',
      ],
    ],
    [{ model: 'dynamic', multiplier: '1.2' }, '1000', ['₦10.00 × 1.2 = ₦12.00']],
    [
      {
        model: 'capacity',
        tiers: [
          { limits: { seats: '5' }, amount: '100' },
          { limits: {}, amount: '250' },
        ],
      },
      '6',
      ['Capacity of tier 2: ₦2.50'],
    ],
    [
      { model: 'per_unit', unitAmount: '1', conversion: { operator: 'divide', factor: '3' } },
      '2',
      ['2 measured, 0.66666667 after conversion', '0.66666667 × ₦0.01 = ₦0.0066666667'],
    ],
  ])('explains %j', (terms, quantity, lines) => {
    expect(explain(terms, quantity)).toEqual(lines);
  });

  it('tells shares, fees and bounds of events apart', () => {
    const terms = {
      model: 'percentage',
      rate: '2',
      fixedAmount: '50',
      minimumAmount: '100',
      maximumAmount: '300',
      freeEvents: '1',
    };
    expect(explain(terms, '0', ['700', '1000', '20000'])).toEqual([
      '₦7.00 free',
      '2% of ₦210.00 = ₦4.20',
      'Fees per event: 2 × ₦0.50 = ₦1.00',
      'Minimum and maximum per event (events: 2): -₦1.20',
    ]);
  });

  it('has no line for what did not come to anything', () => {
    const terms = { model: 'percentage', rate: '2', minimumAmount: '1', freeAmount: '100' };
    expect(explain(terms, '0', ['100', '1000'])).toEqual(['₦1.00 free', '2% of ₦10.00 = ₦0.20']);
    expect(explain(terms, '0', ['50'])).toEqual(['₦0.50 free']);
  });

  it('writes French to French readers', () => {
    const { steps } = rateCharge(readChargeTerms(CALLS), { quantity: toDecimal('10000.5') });
    expect(explainSteps(steps, { currency: 'XOF', locale: 'fr' })).toEqual([
      "Tranche 1 (au-delà de 0 jusqu'à 10\u202f000): 10\u202f000 × 1\u00a0F CFA = 10\u202f000\u00a0F CFA",
      "Tranche 2 (au-delà de 10\u202f000 jusqu'à 100\u202f000): 0,5 × 0,8\u00a0F CFA + 500\u00a0F CFA forfait = 500,4\u00a0F CFA",
    ]);
  });

  it('has French words for every kind of step', () => {
    const priced = { quantity: toDecimal('3'), unitAmount: toDecimal('2'), amount: toDecimal('6') };
    const shareOf = { quantity: toDecimal('1000'), rate: toDecimal('1.5'), amount: toDecimal('15') };
    const steps: RatingStep[] = [
      { kind: 'conversion', measured: '1500', converted: '1.5' },
      { kind: 'free', of: 'units', quantity: '2' },
      pricedStep({ kind: 'flat', ...priced }),
      pricedStep({ kind: 'packages', ...priced }),
      pricedStep({ kind: 'blocks', ...priced }),
      pricedStep({ kind: 'fixed_fees', ...priced }),
      pricedStep({ kind: 'event_bounds', ...priced }),
      pricedStep({ kind: 'capacity', tier: 2, ...priced }),
      pricedStep({ kind: 'percentage', ...shareOf }),
      pricedStep({ kind: 'tier', tier: 3, from: '10', upTo: null, ...priced }),
    ];
    // Spaces in numbers and before colons do not break.
    const lines = explainSteps(steps, { currency: 'XOF', locale: 'fr' }).map((line) =>
      line.replaceAll(/[\u202f\u00a0]/g, ' '),
    );
    expect(lines).toEqual([
      '1 500 mesurés, 1,5 après conversion',
      '2 gratuits',
      'Prix forfaitaire: 6 F CFA',
      'Lots : 3 × 2 F CFA = 6 F CFA',
      'Blocs : 3 × 2 F CFA = 6 F CFA',
      'Frais par événement : 3 × 2 F CFA = 6 F CFA',
      'Minimum et maximum par événement (événements : 3): 6 F CFA',
      'Capacité de la tranche 2: 6 F CFA',
      '1,5 % de 1 000 F CFA = 15 F CFA',
      'Tranche 3 (au-delà de 10): 3 × 2 F CFA = 6 F CFA',
    ]);
  });
});
