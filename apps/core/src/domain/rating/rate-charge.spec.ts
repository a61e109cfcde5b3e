import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { needsEvents, rateCharge } from './rate-charge.js';
import { AmountTooLargeError, type RatedUsage } from './rated-charge.js';
import { readChargeTerms } from './read-charge-terms.js';

function rate(terms: object, quantity: string, usage: Partial<RatedUsage> = {}) {
  const charge = rateCharge(readChargeTerms(terms), { quantity: toDecimal(quantity), ...usage });
  return {
    unrounded: charge.unrounded.toFixed(),
    amount: charge.amount,
    billed: charge.quantityBilled.toFixed(),
  };
}

const decimals = (...texts: string[]) => texts.map((text) => toDecimal(text));

const BLOCKS = {
  model: 'tiered_blocks',
  mode: 'all_tiers',
  tiers: [
    { blockSize: '100', maxBlocks: '10', blockAmount: '300' },
    { blockSize: '1000', maxBlocks: null, blockAmount: '700' },
  ],
};

describe('rateCharge', () => {
  it.each(['0', '1', '-3', '12.5'])('charges a flat price once, for %s', (quantity) => {
    expect(rate({ model: 'flat', amount: '0.5' }, quantity)).toEqual({
      unrounded: '0.5',
      amount: 1n,
      billed: '1',
    });
  });

  it.each([
    ['55', '368.5', 369n],
    ['-55', '0', 0n],
    ['0.01', '0.067', 0n],
  ])('multiplies exactly and rounds once: %s units', (quantity, unrounded, amount) => {
    expect(rate({ model: 'per_unit', unitAmount: '6.7' }, quantity)).toMatchObject({ unrounded, amount });
  });

  it('finds a half behind a quotient that never ends', () => {
    const thirds = { model: 'per_unit', unitAmount: '1.5', conversion: { operator: 'divide', factor: '3' } };
    expect(rate(thirds, '1')).toMatchObject({ unrounded: '0.5', amount: 1n });
  });

  it('takes 10^15 units, and refuses an amount that no line can have', () => {
    const quantity = '1000000000000000';
    expect(rate({ model: 'per_unit', unitAmount: '9' }, quantity).amount).toBe(9_000_000_000_000_000n);
    expect(rate({ model: 'per_unit', unitAmount: '0.000000000001' }, '1000000000000.5').amount).toBe(1n);
    expect(() => rate({ model: 'per_unit', unitAmount: '10' }, quantity)).toThrow(AmountTooLargeError);
    expect(rate({ model: 'flat', amount: quantity }, '0').amount).toBe(1_000_000_000_000_000n);
  });

  it.each([
    ['up', '0', 0n],
    ['up', '100', 50n],
    ['up', '100.000000000001', 100n],
    ['down', '100', 50n],
    ['down', '199.999', 50n],
    ['down', '99', 0n],
  ])('counts packages, rounding %s: %s units', (rounding, quantity, amount) => {
    const terms = { model: 'package', packageSize: '100', packageAmount: '50', rounding };
    expect(rate(terms, quantity).amount).toBe(amount);
    const { steps } = rateCharge(readChargeTerms(terms), { quantity: toDecimal(quantity) });
    expect(steps).toHaveLength(amount === 0n ? 0 : 1);
  });

  it.each([
    ['all_tiers', '0', 0n],
    ['all_tiers', '1', 300n],
    ['all_tiers', '1000', 3_000n],
    ['all_tiers', '1001', 3_700n],
    ['all_tiers', '2001', 4_400n],
    ['top_tier', '0', 0n],
    ['top_tier', '1000', 3_000n],
    ['top_tier', '1001', 1_400n],
  ])('prices blocks of %s: %s units', (mode, quantity, amount) => {
    expect(rate({ ...BLOCKS, mode }, quantity).amount).toBe(amount);
  });

  it('shows the bounds of tiers of blocks', () => {
    const { steps } = rateCharge(readChargeTerms(BLOCKS), { quantity: toDecimal('2500') });
    expect(steps).toMatchObject([
      { kind: 'blocks', tier: 1, from: '0', upTo: '1000', quantity: '10', amount: '3000' },
      { kind: 'blocks', tier: 2, from: '1000', upTo: null, quantity: '2', amount: '1400' },
    ]);
  });

  it('multiplies the prices of events', () => {
    const terms = { model: 'dynamic', multiplier: '1.5' };
    expect(rate(terms, '0', { events: decimals('10', '0.5') })).toMatchObject({
      unrounded: '15.75',
      billed: '10.5',
    });
    expect(rate(terms, '0', { events: decimals('10', '-11') })).toMatchObject({
      unrounded: '0',
      billed: '0',
    });
    expect(rate({ ...terms, conversion: { operator: 'multiply', factor: '100' } }, '2').amount).toBe(300n);
  });

  it('rounds what is converted at the places asked for, before the free units', () => {
    const converted = (rounding: string, precision: number, quantity: string) =>
      rate(
        {
          model: 'per_unit',
          unitAmount: '1',
          freeUnits: '1',
          conversion: { operator: 'divide', factor: '10', rounding, precision },
        },
        quantity,
      ).billed;
    expect(converted('none', 0, '123')).toBe('11.3');
    expect(converted('up', 0, '121')).toBe('12');
    expect(converted('down', 0, '129')).toBe('11');
    expect(converted('half_up', 0, '125')).toBe('12');
    expect(converted('half_up', 0, '124.9')).toBe('11');
    expect(converted('up', 1, '123.1')).toBe('11.4');
    expect(converted('up', -2, '1001')).toBe('199');
    expect(converted('down', -2, '900')).toBe('0');
  });

  it('tells what was converted and what was free', () => {
    const terms = {
      model: 'per_unit',
      unitAmount: '2',
      freeUnits: '10',
      conversion: { operator: 'multiply', factor: '4' },
    };
    const steps = (quantity: string) =>
      rateCharge(readChargeTerms(terms), { quantity: toDecimal(quantity) }).steps;
    expect(steps('3')).toMatchObject([
      { kind: 'conversion', measured: '3', converted: '12' },
      { kind: 'free', of: 'units', quantity: '10' },
      { kind: 'units', tier: null, quantity: '2', unitAmount: '2', flatAmount: '0', amount: '4' },
    ]);
    expect(steps('2')).toHaveLength(2);
    expect(steps('0')).toEqual([]);
  });

  it('refuses prorated units where a price cannot weigh them', () => {
    const prorated = { proratedQuantity: toDecimal('1') };
    expect(() => rate({ model: 'flat', amount: '1' }, '1', prorated)).toThrow(
      'A flat price cannot be prorated by units.',
    );
    expect(() => rate(BLOCKS, '1', { changes: [] })).toThrow(RangeError);
    expect(rate({ model: 'per_unit', unitAmount: '1' }, '2', prorated).amount).toBe(1n);
  });
});

describe('nothing used', () => {
  it.each([
    { model: 'dynamic', multiplier: '2' },
    { model: 'capacity', tiers: [{ limits: {}, amount: '900' }] },
    { model: 'percentage', rate: '2' },
  ])('is billed as nothing and has no steps by %j', (terms) => {
    const usage = { quantity: toDecimal('0'), peaks: { seats: toDecimal('0') } };
    expect(rateCharge(readChargeTerms(terms), usage)).toMatchObject({ amount: 0n, steps: [] });
  });
});

describe('capacity', () => {
  const terms: { model: string; tiers: object[] } = {
    model: 'capacity',
    tiers: [
      { limits: { seats: '5', constructor: '10' }, amount: '100' },
      { limits: { seats: '20' }, amount: '300' },
      { limits: {}, amount: '900' },
    ],
  };
  const peaks = (seats: string, more: string) => ({
    peaks: { seats: toDecimal(seats), constructor: toDecimal(more) },
  });

  it.each([
    ['0', '0', 0n],
    ['1', '0', 100n],
    ['5', '10', 100n],
    ['5', '10.1', 300n],
    ['20', '99999', 300n],
    ['20.5', '0', 900n],
  ])('takes the lowest tier that fits peaks of %s and %s', (seats, more, amount) => {
    expect(rate(terms, '0', peaks(seats, more)).amount).toBe(amount);
  });

  it('needs the peak of each unit, when there are several', () => {
    expect(() => rate(terms, '3')).toThrow('A capacity of several units is rated by the peak of each.');
    const single = {
      ...terms,
      tiers: [
        { limits: { seats: '5' }, amount: '7' },
        { limits: {}, amount: '9' },
      ],
    };
    expect(rate(single, '5').amount).toBe(7n);
    expect(rate(single, '6').amount).toBe(9n);
    expect(rate({ ...single, conversion: { operator: 'divide', factor: '2' } }, '10').amount).toBe(7n);
    expect(rate(single, '9', { peaks: { pets: toDecimal('99') } }).amount).toBe(7n);
  });
});

describe('percentage', () => {
  const terms = { model: 'percentage', rate: '2' };

  it('of a total needs no events', () => {
    expect(needsEvents(readChargeTerms(terms))).toBe(false);
    expect(rate(terms, '1050')).toEqual({ unrounded: '21', amount: 21n, billed: '1050' });
    expect(rate(terms, '-1')).toEqual({ unrounded: '0', amount: 0n, billed: '0' });
  });

  it.each([
    { model: 'flat', amount: '1' },
    { model: 'per_unit', unitAmount: '1' },
    { model: 'dynamic', multiplier: '1' },
    BLOCKS,
  ])('is the only price that can need them, not %j', (other) => {
    expect(needsEvents(readChargeTerms(other))).toBe(false);
  });

  it.each([
    { fixedAmount: '1' },
    { minimumAmount: '0' },
    { maximumAmount: '5' },
    { freeEvents: '0' },
    { freeAmount: '1' },
  ])('with %j needs events', (more) => {
    expect(needsEvents(readChargeTerms({ ...terms, ...more }))).toBe(true);
    expect(() => rate({ ...terms, ...more }, '5')).toThrow('is rated by its events');
  });

  it.each([
    ['a fee for each event, also one of nothing', { fixedAmount: '10' }, ['100', '0'], '22'],
    ['no fee when nothing was used on the whole', { fixedAmount: '10' }, ['100', '-100'], '0'],
    ['what is taken back gives back its share, not its fee', { fixedAmount: '10' }, ['100', '-50'], '11'],
    ['never less than nothing', { freeEvents: '1' }, ['100', '-50'], '0'],
    ['bounds for each event', { minimumAmount: '5', maximumAmount: '30' }, ['100', '1000', '5000'], '55'],
    ['no bounds for what is taken back', { minimumAmount: '5' }, ['1000', '-10'], '19.8'],
    ['free events within the free amount', { freeEvents: '2', freeAmount: '100' }, ['60', '60', '10'], '0.6'],
    ['a free amount that ends exactly', { freeAmount: '100', fixedAmount: '1' }, ['60', '40', '10'], '1.2'],
    ['a refund that returns to the free amount', { freeAmount: '100' }, ['60', '60', '-30', '40'], '0.6'],
    ['a fee when the free amount is used up', { freeAmount: '10', fixedAmount: '1' }, ['20', '0'], '2.2'],
    [
      'a fee for an event of nothing once the free ones are used up',
      { freeEvents: '1', freeAmount: '100', fixedAmount: '1' },
      ['50', '0', '10'],
      '2.2',
    ],
    ['free events whatever their amount', { freeEvents: '1', fixedAmount: '1' }, ['9000', '50'], '2'],
  ])('charges %s', (_, more, events, unrounded) => {
    expect(rate({ ...terms, ...more }, '0', { events: decimals(...events) }).unrounded).toBe(unrounded);
  });

  it('converts each event', () => {
    const converted = { ...terms, fixedAmount: '1', conversion: { operator: 'multiply', factor: '100' } };
    expect(rate(converted, '0', { events: decimals('1', '2.5') })).toMatchObject({
      unrounded: '9',
      billed: '350',
    });
  });
});

describe('prorated units', () => {
  const tiers = [
    { upTo: '10', unitAmount: '100', flatAmount: '7' },
    { upTo: null, unitAmount: '50' },
  ];
  const prorated = (terms: object, quantity: string, weight: string) =>
    rate(terms, quantity, { proratedQuantity: toDecimal(weight) });

  it('are priced in the tier that the full units choose', () => {
    expect(prorated({ model: 'volume', tiers }, '20', '5')).toEqual({
      unrounded: '250',
      amount: 250n,
      billed: '5',
    });
    expect(prorated({ model: 'graduated', tiers }, '20', '5').unrounded).toBe('382');
    expect(prorated({ model: 'per_unit', unitAmount: '3' }, '20', '5').unrounded).toBe('15');
  });

  it('leave the share of the free units out', () => {
    const free = { freeUnits: '10' };
    expect(prorated({ model: 'volume', tiers, ...free }, '20', '5').unrounded).toBe('257');
    expect(prorated({ model: 'graduated', tiers, ...free }, '20', '5').unrounded).toBe('257');
    expect(prorated({ model: 'volume', tiers, ...free }, '10', '5').unrounded).toBe('0');
    const { steps } = rateCharge(readChargeTerms({ model: 'volume', tiers, ...free }), {
      quantity: toDecimal('20'),
      proratedQuantity: toDecimal('5'),
    });
    expect(steps[0]).toEqual({ kind: 'free', of: 'units', quantity: '2.5' });
  });

  it('stand for themselves when all units were given back', () => {
    expect(prorated({ model: 'graduated', tiers }, '0', '2').unrounded).toBe('207');
    expect(prorated({ model: 'volume', tiers }, '0', '2').unrounded).toBe('207');
  });

  it('are converted but not rounded', () => {
    const conversion = { operator: 'divide', factor: '10', rounding: 'up' };
    expect(prorated({ model: 'volume', tiers, conversion }, '101', '15')).toMatchObject({
      unrounded: '75',
      billed: '1.5',
    });
  });

  it('of no change at all cost the flat amount only where it is asked for', () => {
    for (const [billFlatAtZero, unrounded] of [[true, '7'] as const, [false, '0'] as const]) {
      for (const model of ['graduated', 'volume']) {
        expect(rate({ model, tiers, billFlatAtZero }, '0', { changes: [] }).unrounded).toBe(unrounded);
      }
    }
  });
});
