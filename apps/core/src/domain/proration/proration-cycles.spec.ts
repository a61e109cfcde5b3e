import { describe, expect, it } from 'vitest';

import { alignAnchor } from '../calendar/alignment.js';
import { startOfLocalDate } from '../calendar/periods.js';
import { toDecimal } from '../money/decimal.js';
import { duePeriods } from '../subscriptions/due-periods.js';
import { addFractions, compareFractions, type Fraction, fraction, NONE, prorate } from './fraction.js';
import { CYCLE_CASES } from './proration-cycles.cases.js';
import { prorationFactor } from './proration-factor.js';

function readFraction(text: string): Fraction {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return fraction(BigInt(numerator), BigInt(denominator));
}

describe('how many cycles are billed, stubs and all', () => {
  it.each(CYCLE_CASES)('$id', ({ interval, startDate, endDate, until, billingDay, terms, rounded }) => {
    const rule = { startDate, interval, count: 1, alignment: 'anniversary', billingDay } as const;
    const factors = duePeriods({
      cycle: { anchorDate: alignAnchor(rule), interval, count: 1, timeZone: 'UTC' },
      startsAt: startOfLocalDate(startDate, 'UTC'),
      endsAt: endDate === null ? null : startOfLocalDate(endDate, 'UTC'),
      until: startOfLocalDate(until, 'UTC'),
      timing: 'in_advance',
    }).map(({ period, full }) => prorationFactor({ part: period, full, timeZone: 'UTC', basis: 'day' }));
    const sum = factors.reduce(addFractions, NONE);
    expect(compareFractions(sum, terms.map(readFraction).reduce(addFractions, NONE))).toBe(0);
    // Theirs are rounded one by one, and then added.
    const theirs = factors.map((factor) => prorate(toDecimal('1'), factor).toDecimalPlaces(9));
    expect(theirs.reduce((total, one) => total.plus(one), toDecimal('0')).toFixed(9)).toBe(rounded);
  });

  it('are all there', () => {
    expect(new Set(CYCLE_CASES.map(({ id }) => id)).size).toBe(55);
  });
});
