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
  it.each([monthly, { ...monthly, intervalCount: 3 }, setup])('takes %o', (input) => {
    expect(refusedPlaces(input)).toEqual([]);
  });

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
});
