import type { InvoiceLine } from '@nova/prisma-tenant';
import { describe, expect, it } from 'vitest';

import { explainLine, taxOfLine } from './explain-line.js';

const print = { currency: 'NGN', timeZone: 'Africa/Lagos' };

function line(over: Partial<Record<keyof InvoiceLine, unknown>>): InvoiceLine {
  return {
    amount: 100_000n,
    discountAmount: 0n,
    netAmount: 100_000n,
    taxes: [],
    explanation: {},
    ...over,
  } as InvoiceLine;
}

function explained(explanation: object, over: Partial<Record<keyof InvoiceLine, unknown>> = {}): string[] {
  return explainLine(line({ explanation, ...over }), print);
}

const rounding = 'half_away_from_zero';
const step = { kind: 'units', tier: null, from: null, upTo: null, rate: null, flatAmount: '0' };

describe('explainLine', () => {
  it('says nothing where quantity and price say it all', () => {
    const steps = [{ ...step, quantity: '2', unitAmount: '5', amount: '10' }];
    expect(explained({ model: 'per_unit', unrounded: '10', rounding, steps })).toEqual([]);
    expect(explained({})).toEqual([]);
  });

  it('tells tiers, free units, proration, bounds, what was billed before and discounts', () => {
    const tier = {
      ...step,
      kind: 'tier',
      tier: 1,
      from: '0',
      upTo: '10000',
      quantity: '5000',
      unitAmount: '1',
    };
    expect(
      explained(
        {
          model: 'graduated',
          unrounded: '5000',
          rounding,
          steps: [
            { kind: 'free', of: 'units', quantity: '100' },
            { ...tier, amount: '5000' },
          ],
          proration: {
            numerator: '21',
            denominator: '31',
            basis: 'day',
            from: '2026-01-31T23:00:00Z',
            to: '2026-02-28T23:00:00Z',
          },
          alreadyBilled: '1000',
          compared: { bound: '9000', spent: '5000' },
        },
        { discountAmount: 250n },
      ),
    ).toEqual([
      '100 free',
      'Tier 1 (above 0 to 10,000): 5,000 × ₦0.01 = ₦50.00',
      'Prorated: 21 of 31 days of 1 – 28 February 2026',
      'Graduated of the period ₦90.00, spent ₦50.00',
      'Less ₦10.00 billed before',
      'Its share of the discounts below: -₦2.50',
    ]);
  });

  it('does not go on for ever', () => {
    const steps = Array.from({ length: 40 }, (_, index) => ({
      ...step,
      kind: 'tier',
      tier: index + 1,
      from: String(index),
      upTo: String(index + 1),
      quantity: '1',
      unitAmount: '1',
      amount: '1',
    }));
    const texts = explained({ model: 'graduated', unrounded: '40', rounding, steps });
    expect(texts).toHaveLength(12);
    expect(texts.at(-1)).toBe('and 29 more steps');
  });
});

describe('taxOfLine', () => {
  const share = (rate: string, base: number) => ({ code: rate, name: rate, rate, base, amount: 0 });

  it.each([
    [[], null],
    [[share('7.5', 100_000)], '7.5%'],
    [[share('15', 100_000), share('2.5', 100_000), share('2.5', 100_001)], '20%'],
    [[share('2.5', 100_000), share('2.5', 100_000), share('1', 100_000), share('15', 106_000)], '21.9%'],
  ])('of %j is %s', (taxes, expected) => {
    expect(taxOfLine(line({ taxes }))).toBe(expected);
  });
});
