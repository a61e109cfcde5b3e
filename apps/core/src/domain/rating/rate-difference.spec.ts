import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { rateCharge } from './rate-charge.js';
import { addBilled, rateDifference } from './rate-difference.js';
import { readChargeTerms } from './read-charge-terms.js';

const VOLUME = {
  model: 'volume',
  tiers: [
    { upTo: '10', unitAmount: '2', flatAmount: '5' },
    { upTo: null, unitAmount: '1' },
  ],
};

function rate(terms: object, quantity: string) {
  return rateCharge(readChargeTerms(terms), { quantity: toDecimal(quantity) });
}

function billed(terms: object, quantity: string) {
  const charge = rate(terms, quantity);
  return { amount: charge.amount, quantity: charge.quantityBilled, steps: charge.steps };
}

describe('rateDifference', () => {
  it('moves units from tier to tier when more usage makes all of them cheaper', () => {
    const difference = rateDifference(rate(VOLUME, '12'), billed(VOLUME, '10'));
    expect(difference.amount).toBe(-13n);
    expect(difference.quantity.toFixed()).toBe('2');
    expect(difference.steps).toMatchObject([
      { kind: 'tier', tier: 1, quantity: '-10', unitAmount: '2', flatAmount: '-5', amount: '-25' },
      { kind: 'tier', tier: 2, quantity: '12', unitAmount: '1', flatAmount: '0', amount: '12' },
    ]);
  });

  it('charges a flat amount once', () => {
    const { steps } = rateDifference(rate(VOLUME, '5'), billed(VOLUME, '3'));
    expect(steps).toMatchObject([{ tier: 1, quantity: '2', flatAmount: '0', amount: '4' }]);
  });

  it('says nothing of what did not change, nor of free units and conversions', () => {
    const terms = {
      model: 'per_unit',
      unitAmount: '1',
      freeUnits: '2',
      conversion: { operator: 'multiply', factor: '2' },
    };
    expect(rateDifference(rate(terms, '4'), billed(terms, '4')).steps).toEqual([]);
    expect(rateDifference(rate(terms, '5'), billed(terms, '4')).steps).toMatchObject([
      { kind: 'units', tier: null, quantity: '2', amount: '2' },
    ]);
  });

  it('shows units that cost nothing, and amounts that change while nothing is counted anew', () => {
    const free = { model: 'per_unit', unitAmount: '0' };
    expect(rateDifference(rate(free, '5'), billed(free, '3')).steps).toMatchObject([
      { kind: 'units', quantity: '2', amount: '0' },
    ]);
    const terms = readChargeTerms({ model: 'percentage', rate: '1', minimumAmount: '5' });
    const ofEvent = (text: string) =>
      rateCharge(terms, { quantity: toDecimal(text), events: [toDecimal(text)] });
    const { amount, quantityBilled: quantity, steps } = ofEvent('100');
    expect(rateDifference(ofEvent('300'), { amount, quantity, steps }).steps).toMatchObject([
      { kind: 'percentage', quantity: '200', amount: '2' },
      { kind: 'event_bounds', quantity: '0', amount: '-2' },
    ]);
  });

  it('leaves no rounding behind over many invoices', () => {
    const terms = { model: 'per_unit', unitAmount: '0.5' };
    let sofar = addBilled([]);
    const amounts = ['1', '2', '3', '4'].map((quantity) => {
      const difference = rateDifference(rate(terms, quantity), sofar);
      sofar = addBilled([sofar, difference]);
      return difference.amount;
    });
    expect(amounts).toEqual([1n, 0n, 1n, 0n]);
    expect(sofar).toMatchObject({ amount: 2n, steps: [{ quantity: '4', amount: '2' }] });
  });

  it('refuses a sum that no line can have', () => {
    const part = { amount: 9_007_199_254_740_991n, quantity: toDecimal('1'), steps: [] };
    expect(() => addBilled([part, part])).toThrow(RangeError);
    expect(() => rateDifference(rate(VOLUME, '1'), { ...part, amount: -part.amount })).toThrow(RangeError);
  });
});
