import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { alignAnchor, firstPeriod } from '../calendar/alignment.js';
import { type Cycle, localDate, type Period, periodAt, startOfLocalDate } from '../calendar/periods.js';
import { roundToMinor, toDecimal } from '../money/decimal.js';
import { feePeriod, trialEnd } from '../subscriptions/trial.js';
import {
  addFractions,
  compareFractions,
  type Fraction,
  fraction,
  isWhole,
  NONE,
  prorate,
  WHOLE,
} from './fraction.js';
import { intersect, prorationFactor, type ProrationBasis, splitPeriod } from './proration-factor.js';
import {
  CREDIT_CAP_CASES,
  FACTOR_CASES,
  FIRST_FEE_CASES,
  FIXED_DAYS_CASES,
  PRORATION_CASES_NOT_RUN,
  UNUSED_CASES,
} from './proration.cases.js';
import { thirtyDayFactor } from './thirty-day-factor.js';
import { capped, unusedCredits } from './unused-credit.js';

function instant(text: string, timeZone: string): Date {
  return text.includes('T') ? new Date(text) : startOfLocalDate(text, timeZone);
}

function period([start, end]: readonly [string, string], timeZone = 'UTC'): Period {
  return { start: instant(start, timeZone), end: instant(end, timeZone) };
}

function written({ numerator, denominator }: Fraction): string {
  return `${numerator}/${denominator}`;
}

function expectPrice(
  factor: Fraction,
  one: { price?: string; unrounded?: string | undefined; amount?: bigint | undefined },
): void {
  if (one.price === undefined) return;
  const exact = prorate(toDecimal(one.price), factor);
  expect(roundToMinor(exact, 'half_away_from_zero')).toBe(one.amount);
  // The source gives some sixteen digits.
  if (one.unrounded !== undefined) {
    expect(exact.minus(toDecimal(one.unrounded)).abs().lessThan('1e-12')).toBe(true);
  }
}

describe('cases of open billing engines', () => {
  it.each(FACTOR_CASES)('$id', ({ part, full, timeZone = 'UTC', basis, factor, ...rest }) => {
    const found = prorationFactor({
      part: period(part, timeZone),
      full: period(full, timeZone),
      timeZone,
      basis: basis ?? 'day',
    });
    expect(written(found)).toBe(factor);
    expectPrice(found, rest);
  });

  it.each(FIRST_FEE_CASES)('$id', ({ rule, startsAt, trialDays, endsAt, part, factor, ...rest }) => {
    const start = instant(startsAt ?? rule.startDate, 'UTC');
    const { interval } = rule;
    const anchorDate = alignAnchor({ ...rule, count: 1 });
    const first = firstPeriod({ anchorDate, interval, count: 1, timeZone: 'UTC' }, start);
    const end = endsAt === undefined ? first.period.end : instant(endsAt, 'UTC');
    const trial =
      trialDays === undefined ? null : trialEnd({ startsAt: start, days: trialDays, timeZone: 'UTC' });
    const fee = feePeriod({ start, end }, trial);
    expect(fee).toEqual(period(part));
    const found = prorationFactor({ part: period(part), full: first.full, timeZone: 'UTC', basis: 'day' });
    expect(written(found)).toBe(factor);
    expectPrice(found, rest);
  });

  it.each(FIXED_DAYS_CASES)('$id', ({ days, part, full, factor }) => {
    const question = { part: period(part), full: period(full), timeZone: 'UTC' };
    const found =
      days === 'thirty'
        ? thirtyDayFactor({ ...question, months: 1 })
        : prorationFactor({ ...question, basis: 'day' });
    expect(prorate(toDecimal('1'), found).toDecimalPlaces(9).toString()).toBe(factor);
  });

  it.each(CREDIT_CAP_CASES)('$id', ({ credit, potential, ...cap }) => {
    expect(capped(toDecimal(potential), cap).toString()).toBe(credit.toString());
  });

  it.each(UNUSED_CASES)('$id', ({ amount, full, at, credit, creditPeriod }) => {
    const line = {
      key: 'fee',
      amount: toDecimal(amount),
      full: period(full),
      period: period(full),
      billed: BigInt(amount),
      credited: 0n,
    };
    const credits = unusedCredits({ lines: [line], at: instant(at, 'UTC'), timeZone: 'UTC', basis: 'day' });
    expect(credits).toMatchObject([{ key: 'fee', amount: credit, period: period(creditPeriod) }]);
  });

  it('are run or listed with a reason, never both', () => {
    const run = [FACTOR_CASES, FIRST_FEE_CASES, FIXED_DAYS_CASES, CREDIT_CAP_CASES, UNUSED_CASES];
    const ids = [...run.flat().map(({ id }) => id), ...PRORATION_CASES_NOT_RUN.flatMap((one) => one.ids)];
    const [factor, fixedDays, creditCap, fee, arrears, cancel, billingDay] = [4, 4, 4, 12, 2, 2, 2];
    expect(ids).toHaveLength(factor + fixedDays + creditCap + fee + arrears + cancel + billingDay);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('prorationFactor', () => {
  const cycles = fc.record({
    anchorDate: fc
      .date({ min: new Date('2005-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    interval: fc.constantFrom('week', 'month', 'quarter', 'half_year', 'year' as const),
    count: fc.integer({ min: 1, max: 3 }),
    timeZone: fc.constantFrom(
      'Africa/Lagos',
      'Africa/Cairo',
      'Africa/Casablanca',
      'Pacific/Apia',
      'America/Santiago',
    ),
  });

  it('of the parts of a period add up to 1, wherever it is cut', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(
        cycles,
        shares,
        fc.constantFrom<ProrationBasis>('day', 'second'),
        (cycle: Cycle, at, basis) => {
          const full = periodAt(cycle, 0);
          const length = full.end.getTime() - full.start.getTime();
          const parts = splitPeriod(
            full,
            at.map((share) => new Date(full.start.getTime() + Math.floor(share * length))),
          );
          const sum = parts
            .map((part) => prorationFactor({ part, full, timeZone: cycle.timeZone, basis }))
            .reduce(addFractions, NONE);
          expect(compareFractions(sum, WHOLE)).toBe(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('counts a day whose clocks change as one day', () => {
    const timeZone = 'Africa/Cairo';
    const full = period(['2024-04-01', '2024-05-01'], timeZone);
    const part = period(['2024-04-26', '2024-04-27'], timeZone);
    expect(part.end.getTime() - part.start.getTime()).toBe(23 * 3_600_000);
    expect(written(prorationFactor({ part, full, timeZone, basis: 'day' }))).toBe('1/30');
    expect(written(prorationFactor({ part, full, timeZone, basis: 'second' }))).toBe('82800/2588400');
  });

  it('counts the day on which a part begins and not the one on which it ends, whatever the hour', () => {
    const full = period(['2026-03-01', '2026-04-01']);
    const part = { start: new Date('2026-03-10T23:59:59Z'), end: new Date('2026-03-12T23:59:59Z') };
    expect(written(prorationFactor({ part, full, timeZone: 'UTC', basis: 'day' }))).toBe('2/31');
  });

  it('is nothing for a period of no length and for a part outside', () => {
    const day: Cycle = { anchorDate: '2011-12-30', interval: 'day', count: 1, timeZone: 'Pacific/Apia' };
    const skipped = periodAt(day, 0);
    expect(prorationFactor({ part: skipped, full: skipped, timeZone: 'Pacific/Apia', basis: 'day' })).toEqual(
      NONE,
    );
    const [full, part] = [period(['2026-03-01', '2026-04-01']), period(['2026-05-01', '2026-06-01'])];
    expect(written(prorationFactor({ part, full, timeZone: 'UTC', basis: 'day' }))).toBe('0/31');
  });

  it('measures a yearly price against its own year', () => {
    const full = period(['2026-01-01', '2027-01-01']);
    const part = period(['2026-04-01', '2026-05-01']);
    const factor = prorationFactor({ part, full, timeZone: 'UTC', basis: 'day' });
    expect(prorate(toDecimal('365000'), factor).toString()).toBe('30000');
  });
});

describe('thirtyDayFactor', () => {
  it.each([
    [
      'a whole month of 31 days is whole',
      ['2026-03-01', '2026-04-01'],
      ['2026-03-01', '2026-04-01'],
      1,
      '30/30',
    ],
    ['a whole February is whole', ['2026-02-01', '2026-03-01'], ['2026-02-01', '2026-03-01'], 1, '30/30'],
    ['30 of 31 days are all', ['2026-03-02', '2026-04-01'], ['2026-03-01', '2026-04-01'], 1, '30/30'],
    [
      '91 of 92 days are no more than all',
      ['2026-07-02', '2026-10-01'],
      ['2026-07-01', '2026-10-01'],
      3,
      '90/90',
    ],
    ['27 of 28 days are 27', ['2026-02-02', '2026-03-01'], ['2026-02-01', '2026-03-01'], 1, '27/30'],
    [
      'a day of a quarter is one of 90',
      ['2026-03-02', '2026-03-03'],
      ['2026-01-01', '2026-04-01'],
      3,
      '1/90',
    ],
    ['what is outside does not count', ['2026-02-10', '2026-03-03'], ['2026-03-01', '2026-04-01'], 1, '2/30'],
    ['all outside is nothing', ['2026-05-10', '2026-05-12'], ['2026-03-01', '2026-04-01'], 1, '0/30'],
  ] as const)('%s', (_, part, full, months, factor) => {
    const found = thirtyDayFactor({ part: period(part), full: period(full), months, timeZone: 'UTC' });
    expect(written(found)).toBe(factor);
  });

  it('has no meaning for less than a month', () => {
    const week = period(['2026-03-02', '2026-03-09']);
    expect(() => thirtyDayFactor({ part: week, full: week, months: 0, timeZone: 'UTC' })).toThrow(RangeError);
  });
});

describe('intersect', () => {
  it('is what two periods share, and nothing where one follows the other', () => {
    const [march, april] = [period(['2026-03-01', '2026-04-01']), period(['2026-04-01', '2026-05-01'])];
    expect(intersect(march, april)).toBeNull();
    expect(intersect(period(['2026-03-20', '2026-04-10']), april)).toEqual(
      period(['2026-04-01', '2026-04-10']),
    );
  });
});

describe('splitPeriod', () => {
  it('cuts in order, once an instant, and only inside', () => {
    const whole = period(['2026-03-01', '2026-04-01']);
    const inside = ['2026-03-20', '2026-03-10', '2026-03-10'];
    const outside = ['2026-02-10', '2026-03-01', '2026-04-01', '2026-05-01'];
    const parts = splitPeriod(
      whole,
      [...inside, ...outside].map((date) => instant(date, 'UTC')),
    );
    expect(parts.map(({ start, end }) => [localDate(start, 'UTC'), localDate(end, 'UTC')])).toEqual([
      ['2026-03-01', '2026-03-10'],
      ['2026-03-10', '2026-03-20'],
      ['2026-03-20', '2026-04-01'],
    ]);
    expect(splitPeriod(whole, [])).toEqual([whole]);
  });
});

describe('fractions', () => {
  it('are exact, whatever their denominators', () => {
    expect(addFractions(fraction(1n, 3n), fraction(1n, 6n))).toEqual(fraction(9n, 18n));
    expect(addFractions(fraction(1n, 31n), fraction(2n, 31n))).toEqual(fraction(3n, 31n));
    expect(compareFractions(fraction(1n, 3n), fraction(2n, 6n))).toBe(0);
    expect(compareFractions(fraction(1n, 3n), fraction(1n, 2n))).toBe(-1);
    expect(compareFractions(fraction(1n, 2n), fraction(1n, 3n))).toBe(1);
    expect(() => fraction(1n, 0n)).toThrow(new RangeError('A denominator must be above zero.'));
    expect(() => fraction(1n, -1n)).toThrow(RangeError);
  });

  it('leave a whole price as it is', () => {
    // Of as many digits as are kept, so that to multiply and divide it would cost the last of them.
    const price = toDecimal(`0.${'6'.repeat(100)}`);
    expect(prorate(price, fraction(31n, 31n))).toEqual(price);
    expect(isWhole(fraction(31n, 31n))).toBe(true);
    expect(isWhole(fraction(30n, 31n))).toBe(false);
  });
});

describe('unusedCredits', () => {
  const line = {
    key: 'fee',
    amount: toDecimal('30000'),
    full: period(['2026-04-01', '2026-05-01']),
    period: period(['2026-04-11', '2026-05-01']),
    billed: 20_000n,
    credited: 0n,
  };

  it.each([
    ['the rest of what was billed', { at: '2026-04-21', credited: 0n }, [10_000n]],
    ['all of a stub from before it began', { at: '2026-04-01', credited: 0n }, [20_000n]],
    ['no more than is uncredited', { at: '2026-04-21', credited: 15_000n }, [5_000n]],
    ['nothing when all is credited', { at: '2026-04-21', credited: 20_000n }, []],
    ['nothing when more than all is credited', { at: '2026-04-21', credited: 20_001n }, []],
    ['nothing once the period is over', { at: '2026-05-01', credited: 0n }, []],
  ] as const)('give back %s', (_, { at, credited }, amounts) => {
    const lines = [{ ...line, credited }];
    const credits = unusedCredits({ lines, at: instant(at, 'UTC'), timeZone: 'UTC', basis: 'day' });
    expect(credits.map(({ amount }) => amount)).toEqual(amounts);
  });

  it('of a price below zero are none', () => {
    const lines = [{ ...line, amount: toDecimal('-300') }];
    expect(unusedCredits({ lines, at: line.period.start, timeZone: 'UTC', basis: 'day' })).toEqual([]);
  });
});
