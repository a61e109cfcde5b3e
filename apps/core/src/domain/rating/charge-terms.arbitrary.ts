import fc from 'fast-check';

import { type Decimal, toDecimal } from '../money/decimal.js';
import { ZERO } from './billable-quantity.js';
import type { ChargeTerms, CommonTerms, Tier, TieredTerms } from './charge-terms.js';

/** Quantities of up to 10^12 with up to 12 decimals: most are whole and small, as in life. */
export const quantities: fc.Arbitrary<Decimal> = fc
  .oneof(
    { weight: 3, arbitrary: fc.tuple(fc.bigInt({ min: 0n, max: 500n }), fc.constant(0)) },
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 7n }), fc.nat(7)),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.nat(12)),
  )
  .map(([digits, decimals]) => toDecimal(digits).div(`1e${decimals}`));

/** Prices of a digit and up to four decimals: no amount of theirs is too large for a line. */
export const prices: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: 0n, max: 9n }), fc.nat(4))
  .map(([digits, decimals]) => toDecimal(digits).div(`1e${decimals}`));

/** Quantities and prices at the limits of both: what they cost may be more than a line can have. */
export const hugeNumbers: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 27n }), fc.integer({ min: 12, max: 26 }))
  .map(([digits, decimals]) => toDecimal(digits).div(`1e${decimals}`).toDecimalPlaces(12));

const steps = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 5n }), fc.constantFrom(0, 0, 0, 1, 3, 12))
  .map(([digits, decimals]) => toDecimal(digits).div(`1e${decimals}`));

/** Tiers without gaps: each starts where the one before ended, and the last is open. */
export const tierLists: fc.Arbitrary<Tier[]> = fc
  .array(fc.tuple(steps, prices, fc.oneof(fc.constant(ZERO), prices)), { minLength: 1, maxLength: 6 })
  .map((rows) => {
    let bound = ZERO;
    return rows.map(([width, unitAmount, flatAmount], index): Tier => {
      bound = bound.plus(width);
      return { upTo: index === rows.length - 1 ? null : bound, unitAmount, flatAmount };
    });
  });

export const PLAIN: CommonTerms = { freeUnits: ZERO, conversion: null };

const freeUnits = fc.oneof(
  fc.constant(ZERO),
  fc.nat(300).map((units) => toDecimal(BigInt(units))),
);

export const tieredTerms: fc.Arbitrary<TieredTerms> = fc.record({
  model: fc.constantFrom('graduated' as const, 'volume' as const),
  tiers: tierLists,
  billFlatAtZero: fc.boolean(),
  freeUnits,
  conversion: fc.constant(null),
});

const conversions = fc.option(
  fc.record({
    operator: fc.constantFrom('multiply' as const, 'divide' as const),
    factor: fc.constantFrom('3', '12.5', '0.5', '60').map((text) => toDecimal(text)),
    rounding: fc.constantFrom('none' as const, 'up' as const, 'down' as const, 'half_up' as const),
    precision: fc.integer({ min: -2, max: 3 }),
  }),
);

/** Terms of the models that price a quantity alone. */
export const quantityTerms: fc.Arbitrary<ChargeTerms> = fc.oneof(
  tieredTerms,
  fc.record({
    model: fc.constant('flat' as const),
    amount: prices,
    freeUnits: fc.constant(ZERO),
    conversion: fc.constant(null),
  }),
  fc.record({
    model: fc.constant('per_unit' as const),
    unitAmount: prices,
    freeUnits,
    conversion: conversions,
  }),
  fc.record({
    model: fc.constant('package' as const),
    packageSize: fc.constantFrom('0.5', '10', '12.5', '1000').map((text) => toDecimal(text)),
    packageAmount: prices,
    rounding: fc.constantFrom('up' as const, 'down' as const),
    freeUnits,
    conversion: conversions,
  }),
  fc.record({
    model: fc.constant('graduated_percentage' as const),
    tiers: tierLists.map((tiers) =>
      tiers.map(({ upTo, unitAmount, flatAmount }) => ({ upTo, rate: unitAmount, flatAmount })),
    ),
    freeUnits,
    conversion: conversions,
  }),
);
