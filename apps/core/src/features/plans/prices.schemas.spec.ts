import { describe, expect, it } from 'vitest';

import { INTERVAL_COUNT_MAX } from './price-rules.js';
import { CreatePriceSchema } from './prices.schemas.js';

const monthly = {
  currency: 'KES',
  model: 'flat',
  type: 'recurring',
  unitAmount: '150000',
  interval: 'month',
};
const setup = { currency: 'KES', model: 'flat', type: 'one_time', unitAmount: '500000' };

function refusedPlaces(input: object): string[] {
  const parsed = CreatePriceSchema.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('/'));
}

describe('a new price', () => {
  it.each([monthly, { ...monthly, intervalCount: 3 }, setup, { ...setup, optional: false }])(
    'takes %o',
    (input) => {
      expect(refusedPlaces(input)).toEqual([]);
    },
  );

  it('needs an interval when it recurs', () => {
    expect(refusedPlaces({ ...setup, type: 'recurring' })).toEqual(['interval']);
  });

  it('has neither interval nor count when it is paid once', () => {
    expect(refusedPlaces({ ...monthly, type: 'one_time', intervalCount: 1 })).toEqual([
      'interval',
      'intervalCount',
    ]);
  });

  it.each(Object.entries(INTERVAL_COUNT_MAX))('recurs at most so long: %s × %i', (interval, max) => {
    expect(refusedPlaces({ ...monthly, interval, intervalCount: max })).toEqual([]);
    expect(refusedPlaces({ ...monthly, interval, intervalCount: max + 1 })).toEqual(['intervalCount']);
    expect(refusedPlaces({ ...monthly, interval, intervalCount: 0 })).toEqual(['intervalCount']);
    expect(refusedPlaces({ ...monthly, interval, intervalCount: 1.5 })).toEqual(['intervalCount']);
  });

  it.each(['0', '0.000000000001', '1500', '1.50', '999999999999999.999999999999'])(
    'costs %s',
    (unitAmount) => {
      expect(refusedPlaces({ ...monthly, unitAmount })).toEqual([]);
    },
  );

  it.each([
    '',
    '-1',
    '+1',
    '01',
    '1.',
    '.5',
    '1e3',
    '1,5',
    ' 1',
    'NaN',
    '0.0000000000001',
    '1000000000000000',
    1500,
  ])('does not cost %o', (unitAmount) => {
    expect(refusedPlaces({ ...monthly, unitAmount })).toEqual(['unitAmount']);
  });

  it.each(['kes', 'JPY', 'XXX', ''])('is not in %o', (currency) => {
    expect(refusedPlaces({ ...monthly, currency })).toEqual(['currency']);
  });

  const usage = {
    currency: 'KES',
    model: 'per_unit',
    type: 'usage',
    unitAmount: '0.5',
    interval: 'month',
    meterId: 'calls',
  };
  const open = { tiers: [{ upTo: null, unitAmount: '1' }] };

  it.each([
    usage,
    { ...usage, unitAmount: undefined, model: 'volume', terms: open },
    { ...usage, unitAmount: undefined, terms: { unitAmount: '1', freeUnits: '100' } },
    { ...usage, billing: 'in_arrears', minimumAmount: 0, maximumAmount: 0, groupBy: ['region'] },
    { ...monthly, billing: 'in_arrears', minimumAmount: 5, optional: true, prorated: false },
    { ...monthly, model: 'graduated', unitAmount: undefined, terms: open, interval: 'half_year' },
  ])('takes %o', (input) => {
    expect(refusedPlaces(input)).toEqual([]);
  });

  it.each([
    ['no amount at all', { ...monthly, unitAmount: undefined }, ['unitAmount']],
    ['terms and an amount', { ...usage, terms: { unitAmount: '1' } }, ['unitAmount']],
    ['tiers without terms', { ...usage, unitAmount: undefined, model: 'volume' }, ['terms']],
    ['a flat price of usage', { ...usage, model: 'flat' }, ['model']],
    ['usage without a meter', { ...usage, meterId: undefined }, ['meterId']],
    ['usage in advance', { ...usage, billing: 'in_advance' }, ['billing']],
    ['the same group twice', { ...usage, groupBy: ['a', 'a'] }, ['groupBy']],
    ['a meter without usage', { ...monthly, meterId: 'calls', groupBy: ['a'] }, ['meterId', 'groupBy']],
    [
      'a percentage without usage',
      { ...monthly, unitAmount: undefined, model: 'percentage', terms: { rate: '1' } },
      ['model'],
    ],
    ['a minimum in advance', { ...monthly, minimumAmount: 5 }, ['minimumAmount']],
    ['crossed bounds', { ...usage, minimumAmount: 6, maximumAmount: 5 }, ['minimumAmount']],
    ['a part of a one-time price', { ...setup, prorated: true }, ['prorated']],
    ['a category in capitals', { ...monthly, taxCategory: 'Food' }, ['taxCategory']],
    [
      'a gap',
      {
        ...usage,
        unitAmount: undefined,
        model: 'graduated',
        terms: {
          tiers: [
            { upTo: '5', unitAmount: '1' },
            { from: '6', upTo: null, unitAmount: '1' },
          ],
        },
      },
      ['terms/tiers/1/from'],
    ],
    [
      'a rate over the whole',
      { ...usage, unitAmount: undefined, model: 'percentage', terms: { rate: '101' } },
      ['terms/rate'],
    ],
  ])('refuses %s', (_, input, places) => {
    expect(refusedPlaces(input)).toEqual(places);
  });
});
