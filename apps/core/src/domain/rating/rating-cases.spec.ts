import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { fraction } from '../proration/fraction.js';
import type { ChargeCase } from './charge-case.js';
import { CHARGE_CASES, SUM_CASES } from './charges.cases.js';
import { commitmentTrueUp } from './commitment.js';
import { compileTerms } from './compile-terms.js';
import { applyPeriodBounds, capLines } from './period-bounds.js';
import {
  BOUNDS_CASES,
  COMMITMENT_CASES,
  DIFFERENCE_CASES,
  ROUNDING_CASES,
  SEQUENCE_CASES,
} from './period.cases.js';
import { rateCharge } from './rate-charge.js';
import { rateDifference } from './rate-difference.js';
import { type PricedStep, type RatedUsage, roundLine } from './rated-charge.js';
import { readChargeTerms } from './read-charge-terms.js';
import { TIER_CASES } from './tiers.cases.js';

/** All cases of the areas of rating in the collection that ours restate. */
const CASES_OF_RATING = 82;

function usageOf({ quantity, events, changes, peaks }: ChargeCase['usage']): RatedUsage {
  return {
    quantity: toDecimal(quantity),
    ...(events && { events: events.map((event) => toDecimal(event)) }),
    ...(changes && {
      changes: changes.map((change) => ({
        quantity: toDecimal(change.quantity),
        proratedQuantity: toDecimal(change.proratedQuantity),
      })),
    }),
    ...(peaks && {
      peaks: Object.fromEntries(Object.entries(peaks).map(([unit, peak]) => [unit, toDecimal(peak)])),
    }),
  };
}

function rate(terms: object, quantity: string) {
  return rateCharge(readChargeTerms(terms), { quantity: toDecimal(quantity) });
}

/** What an invoice would hold of a charge. */
function billedOf(terms: object, quantity: string) {
  const charge = rate(terms, quantity);
  return { amount: charge.amount, quantity: charge.quantityBilled, steps: charge.steps };
}

describe('the cases of open billing engines', () => {
  it.each([...TIER_CASES, ...CHARGE_CASES])('$id', (example) => {
    const terms = readChargeTerms(example.terms);
    const usage = usageOf(example.usage);
    for (const charge of [rateCharge(terms, usage), compileTerms(terms)(usage)]) {
      const steps = charge.steps.filter((step): step is PricedStep => 'amount' in step);
      if (example.amount !== undefined) expect(charge.unrounded.toFixed()).toBe(example.amount);
      if (example.rounded !== undefined) expect(charge.amount).toBe(BigInt(example.rounded));
      if (example.billed !== undefined) expect(charge.quantityBilled.toFixed()).toBe(example.billed);
      if (example.packages !== undefined) expect(steps[0]?.quantity).toBe(example.packages);
      const lines = steps.map(({ tier, quantity, flatAmount, amount }) => ({
        tier: String(tier),
        quantity,
        amount: toDecimal(amount).minus(flatAmount).toFixed(),
      }));
      // Where the source lists lines of units, a tier of a mere fee has none.
      for (const line of example.lines ?? []) expect(lines).toContainEqual(line);
    }
  });

  it.each(SUM_CASES)('$id', ({ charges, amount }) => {
    const total = charges.reduce((sum, charge) => sum + rate(charge.terms, charge.quantity).amount, 0n);
    expect(total).toBe(BigInt(amount));
  });

  it.each(DIFFERENCE_CASES)('$id', ({ terms, billed, whole, amount, quantity, lines }) => {
    const difference = rateDifference(rate(terms, whole), billedOf(terms, billed));
    expect(difference.amount).toBe(amount);
    if (quantity !== undefined) expect(difference.quantity.toFixed()).toBe(quantity);
    if (lines !== undefined) {
      expect(difference.steps.map((step) => [step.tier, step.quantity, step.amount])).toEqual(lines);
    }
  });

  it.each(BOUNDS_CASES)('$id', (example) => {
    const billed = billedOf(example.terms, example.billed);
    const { amount, steps } = rateDifference(rate(example.terms, example.whole), billed);
    const {
      minimum = null,
      maximum = null,
      factor: [days, of] = [1n, 1n],
      discount = 0n,
      trueUp = 0n,
    } = example;
    const factor = fraction(days, of);
    expect(applyPeriodBounds({ minimum, maximum, amount, factor, alreadyBilled: billed.amount })).toEqual({
      discount,
      due: example.due,
      trueUp,
    });
    if (example.lines === undefined || maximum === null) return;
    const amounts = steps.map((step) => roundLine(toDecimal(step.amount)));
    const capped = capLines(amounts, maximum - billed.amount);
    expect(capped.map((line) => [line.discount, line.due])).toEqual(example.lines);
  });

  it.each(COMMITMENT_CASES)('%s', (_, commitment, [days, of], spent, committed, trueUp) => {
    expect(commitmentTrueUp({ commitment, factor: fraction(days, of), spent })).toEqual({
      committed,
      trueUp,
    });
  });

  it.each(SEQUENCE_CASES)('$id', ({ terms, events, amounts, totals }) => {
    const read = readChargeTerms(terms);
    const all = events.map((event) => toDecimal(event));
    const charges = all.map((_, index) => {
      const sofar = all.slice(0, index + 1);
      return rateCharge(read, { quantity: toDecimal('0'), events: sofar });
    });
    expect(charges.map((charge) => charge.amount)).toEqual(amounts);
    expect(charges.map((charge) => roundLine(charge.unrounded.times('1.2')))).toEqual(totals);
  });

  it.each(ROUNDING_CASES)('%s', (_, lines, percent, total) => {
    const sum = toDecimal(lines.reduce((all, line) => all + line, 0n));
    expect(roundLine(sum.times(toDecimal(percent).plus(100)).div(100))).toBe(total);
  });

  it('are all run', () => {
    const named = [...TIER_CASES, ...CHARGE_CASES, ...SUM_CASES, ...DIFFERENCE_CASES, ...BOUNDS_CASES];
    const ids = [...named, ...SEQUENCE_CASES].map(({ id }) => id);
    const listed = [...COMMITMENT_CASES, ...ROUNDING_CASES].map(([id]) => id);
    expect(new Set([...ids, ...listed]).size).toBe(CASES_OF_RATING);
  });
});
