import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { quantityTerms } from './charge-terms.arbitrary.js';
import { readChargeTerms, writeChargeTerms } from './read-charge-terms.js';
import { validateChargeTerms } from './validate-charge-terms.js';

/** Every problem as "code at pointer". */
function problems(json: unknown): string[] {
  return validateChargeTerms(json).map(({ code, pointer }) => `${code} at ${pointer}`);
}

const graduated = (...tiers: unknown[]) => ({ model: 'graduated', tiers });
const first = { upTo: '10', unitAmount: '1' };
const last = { upTo: null, unitAmount: '0.5' };
const block = { blockSize: '10', maxBlocks: '5', blockAmount: '1' };
const perUnit = { model: 'per_unit', unitAmount: '1' };
const convert = (more: object) => ({ ...perUnit, conversion: { operator: 'divide', factor: '1', ...more } });
const percentage = { model: 'percentage', rate: '1' };
const capacity = (...limits: unknown[]) => ({
  model: 'capacity',
  tiers: limits.map((entry) => ({ limits: entry, amount: '1' })),
});

const GOOD: readonly object[] = [
  { model: 'flat', amount: '0' },
  { model: 'flat', amount: '1000000000000000' },
  { ...perUnit, freeUnits: null, conversion: null },
  { ...perUnit, unitAmount: '0.000000000001' },
  { ...perUnit, unitAmount: '0.1000000000000000' },
  { ...perUnit, unitAmount: `1.${'0'.repeat(38)}` },
  convert({ rounding: 'half_up', precision: -12 }),
  convert({ rounding: null, precision: 12 }),
  graduated(last),
  graduated({ ...first, from: '0', flatAmount: '2' }, { ...last, from: '10' }),
  { ...graduated(first, last), model: 'volume', billFlatAtZero: true, freeUnits: '5' },
  graduated(...Array.from({ length: 99 }, (_, index) => ({ ...first, upTo: String(index + 1) })), last),
  { model: 'package', packageSize: '0.5', packageAmount: '3', rounding: 'down' },
  { ...percentage, rate: '100', minimumAmount: '5', maximumAmount: '5', freeEvents: '0' },
  { model: 'graduated_percentage', tiers: [{ upTo: null, rate: '2' }] },
  { model: 'tiered_blocks', mode: 'top_tier', tiers: [block, { ...block, maxBlocks: null }] },
  { model: 'tiered_blocks', mode: 'all_tiers', tiers: [{ ...block, maxBlocks: null }], freeUnits: '5' },
  { model: 'dynamic', multiplier: '1000' },
  capacity({}),
  capacity(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`u${index}`, '1'])), {}),
  capacity({ a: '1', b: '2' }, { a: '1', b: '3' }, { b: '3' }, {}),
];

const BAD: readonly (readonly [string, unknown, string[]])[] = [
  ['no object', null, ['not_an_object at ']],
  ['a list', [], ['not_an_object at ']],
  ['no model', {}, ['not_a_choice at /model']],
  ['an unknown model', { model: 'free' }, ['not_a_choice at /model']],
  ['a model of a prototype', { model: 'constructor' }, ['not_a_choice at /model']],
  ['a missing price', { model: 'flat' }, ['missing at /amount']],
  ['a null price', { model: 'flat', amount: null }, ['not_a_decimal at /amount']],
  ['a number', { ...perUnit, unitAmount: 0.1 }, ['not_a_decimal at /unitAmount']],
  ['an exponent', { ...perUnit, unitAmount: '1e3' }, ['not_a_decimal at /unitAmount']],
  ['white space', { ...perUnit, unitAmount: ' 1' }, ['not_a_decimal at /unitAmount']],
  ['a negative price', { ...perUnit, unitAmount: '-0.01' }, ['negative at /unitAmount']],
  ['too fine a price', { ...perUnit, unitAmount: '0.0000000000001' }, ['too_many_decimals at /unitAmount']],
  ['too much', { ...perUnit, unitAmount: '1000000000000000.1' }, ['too_large at /unitAmount']],
  ['endless zeros', { ...perUnit, unitAmount: `1.${'0'.repeat(39)}` }, ['too_large at /unitAmount']],
  ['endless digits', { ...perUnit, unitAmount: '9'.repeat(41) }, ['too_large at /unitAmount']],
  ['a misspelt field', { ...perUnit, freeUnit: '1' }, ['unknown_field at /freeUnit']],
  ['a strange field', { ...perUnit, 'a/b~c': '1' }, ['unknown_field at /a~1b~0c']],
  ['no list of tiers', { model: 'graduated', tiers: {} }, ['not_a_list at /tiers']],
  ['no tiers', graduated(), ['no_tiers at /tiers']],
  ['a tier that is none', graduated('x', last), ['not_an_object at /tiers/0']],
  ['too many tiers', graduated(...Array.from({ length: 101 }, () => last)), ['too_many_tiers at /tiers']],
  ['a forgotten bound', graduated({ unitAmount: '1' }), ['missing at /tiers/0/upTo']],
  ['a bound of 0', graduated({ ...first, upTo: '0' }, last), ['not_positive at /tiers/0/upTo']],
  ['a closed last tier', graduated(first), ['tiers_not_open at /tiers/0/upTo']],
  ['an open tier before the last', graduated(last, last), ['tiers_open_early at /tiers/0/upTo']],
  ['equal bounds', graduated(first, first, last), ['tiers_overlap at /tiers/1/upTo']],
  ['falling bounds', graduated(first, { ...first, upTo: '9' }, last), ['tiers_overlap at /tiers/1/upTo']],
  ['a gap', graduated(first, { ...last, from: '11' }), ['tiers_gap at /tiers/1/from']],
  ['a gap before the first', graduated({ ...last, from: '1' }), ['tiers_gap at /tiers/0/from']],
  ['an overlap', graduated(first, { ...last, from: '9' }), ['tiers_overlap at /tiers/1/from']],
  ['a flag as text', { ...graduated(last), billFlatAtZero: 'yes' }, ['not_a_choice at /billFlatAtZero']],
  [
    'several problems',
    { model: 'package', packageSize: '0', packageAmount: '-1', rounding: 'half' },
    ['not_positive at /packageSize', 'negative at /packageAmount', 'not_a_choice at /rounding'],
  ],
  ['more than the whole', { ...percentage, rate: '100.01' }, ['rate_over_limit at /rate']],
  ['a part of an event', { ...percentage, freeEvents: '1.5' }, ['not_whole at /freeEvents']],
  [
    'a minimum above the maximum',
    { ...percentage, minimumAmount: '6', maximumAmount: '5' },
    ['bounds_crossed at /minimumAmount'],
  ],
  ['free units of no units', { ...percentage, freeUnits: '1' }, ['not_applicable at /freeUnits']],
  ['free units of a capacity', { ...capacity({}), freeUnits: '1' }, ['not_applicable at /freeUnits']],
  [
    'a conversion of nothing',
    { model: 'flat', amount: '1', conversion: { operator: 'divide', factor: '2' } },
    ['not_applicable at /conversion'],
  ],
  ['a division by 0', convert({ factor: '0' }), ['not_positive at /conversion/factor']],
  ['an unknown operator', convert({ operator: 'add' }), ['not_a_choice at /conversion/operator']],
  ['a precision too fine', convert({ precision: 13 }), ['not_whole at /conversion/precision']],
  ['a precision too coarse', convert({ precision: -13 }), ['not_whole at /conversion/precision']],
  ['a precision between', convert({ precision: 0.5 }), ['not_whole at /conversion/precision']],
  ['a multiplier of 0', { model: 'dynamic', multiplier: '0' }, ['not_positive at /multiplier']],
  ['a wild multiplier', { model: 'dynamic', multiplier: '1000.1' }, ['too_large at /multiplier']],
  [
    'a rate over the limit in a tier',
    { model: 'graduated_percentage', tiers: [{ upTo: null, rate: '101' }] },
    ['rate_over_limit at /tiers/0/rate'],
  ],
  [
    'closed and half blocks',
    { model: 'tiered_blocks', mode: 'all_tiers', tiers: [{ ...block, maxBlocks: '0.5' }] },
    ['not_whole at /tiers/0/maxBlocks'],
  ],
  [
    'no blocks',
    { model: 'tiered_blocks', mode: 'all_tiers', tiers: [{ ...block, maxBlocks: '0' }] },
    ['not_positive at /tiers/0/maxBlocks'],
  ],
  [
    'blocks without end before the last',
    { model: 'tiered_blocks', mode: 'all_tiers', tiers: [{ ...block, maxBlocks: null }, block] },
    ['tiers_open_early at /tiers/0/maxBlocks', 'tiers_not_open at /tiers/1/maxBlocks'],
  ],
  ['a limited last capacity', capacity({ a: '1' }), ['tiers_not_open at /tiers/0/limits']],
  [
    'an early end of capacity',
    capacity({}, {}),
    ['tiers_open_early at /tiers/0/limits', 'tiers_overlap at /tiers/1/limits'],
  ],
  ['a shrinking capacity', capacity({ a: '2' }, { a: '1' }, {}), ['tiers_overlap at /tiers/1/limits']],
  [
    'a capacity that never fits first',
    capacity({ a: '2' }, { a: '2' }, {}),
    ['tiers_overlap at /tiers/1/limits'],
  ],
  [
    'a limit that comes later',
    capacity({ a: '2' }, { a: '3', b: '1' }, {}),
    ['tiers_overlap at /tiers/1/limits'],
  ],
  ['limits that are none', capacity('a', {}), ['not_an_object at /tiers/0/limits']],
  ['a negative limit', capacity({ 'a/b': '-1' }, {}), ['negative at /tiers/0/limits/a~1b']],
  [
    'too many kinds of units',
    capacity(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`u${index}`, '1'])), {}),
    ['too_many_units at /tiers/0/limits'],
  ],
];

describe('validateChargeTerms', () => {
  it.each(GOOD)('accepts %j, and what is read is written the same', (terms) => {
    expect(problems(terms)).toEqual([]);
    const written = writeChargeTerms(readChargeTerms(terms));
    expect(problems(written)).toEqual([]);
    expect(writeChargeTerms(readChargeTerms(written))).toEqual(written);
  });

  it.each(BAD)('refuses %s', (_, terms, expected) => {
    expect(problems(terms)).toEqual(expected);
    expect(validateChargeTerms(terms).every(({ message }) => /^[A-Z].+\.$/.test(message))).toBe(true);
    expect(() => readChargeTerms(terms)).toThrow(RangeError);
  });

  it('never throws, whatever it is given', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({
        model: fc.constantFrom('capacity', 'graduated', 'percentage'),
        tiers: fc.anything(),
        rate: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(anything, (json) => {
        const found = validateChargeTerms(json);
        if (found.length === 0) readChargeTerms(json);
      }),
    );
  });
});

describe('readChargeTerms', () => {
  it('reads back any terms that were written', () => {
    fc.assert(
      fc.property(quantityTerms, (terms) => {
        const json: unknown = JSON.parse(JSON.stringify(writeChargeTerms(terms)));
        expect(validateChargeTerms(json)).toEqual([]);
        expect(readChargeTerms(json)).toEqual(terms);
      }),
    );
  });

  it('states every default', () => {
    expect(writeChargeTerms(readChargeTerms(convert({})))).toEqual({
      ...perUnit,
      freeUnits: '0',
      conversion: { operator: 'divide', factor: '1', rounding: 'none', precision: 0 },
    });
    expect(writeChargeTerms(readChargeTerms(percentage))).toEqual({
      ...percentage,
      fixedAmount: '0',
      minimumAmount: null,
      maximumAmount: null,
      freeEvents: null,
      freeAmount: null,
      freeUnits: '0',
      conversion: null,
    });
    expect(writeChargeTerms(readChargeTerms(graduated({ ...last, from: '0' })))).toEqual({
      model: 'graduated',
      tiers: [{ ...last, flatAmount: '0' }],
      billFlatAtZero: false,
      freeUnits: '0',
      conversion: null,
    });
    const packages = { model: 'package', packageSize: '1', packageAmount: '2' };
    expect(readChargeTerms(packages)).toMatchObject({ rounding: 'up' });
  });

  it('says what is wrong and where', () => {
    expect(() => readChargeTerms({ model: 'flat' })).toThrow('Charge terms, at "/amount": It is required.');
  });
});
