import { describe, expect, it } from 'vitest';

import { AddressSchema, mergeAddress } from './address.js';

describe('addresses', () => {
  it('take known parts only', () => {
    expect(AddressSchema.safeParse({ line1: '1 Marina', city: 'Lagos', country: 'NG' }).success).toBe(true);
    expect(AddressSchema.safeParse({ street: '1 Marina' }).success).toBe(false);
    expect(AddressSchema.safeParse({ country: 'QQ' }).success).toBe(false);
    expect(AddressSchema.safeParse({ country: 'ng' }).success).toBe(false);
  });

  it('merge part by part', () => {
    expect(mergeAddress({ line1: '1 Marina', city: 'Lagos' }, { city: null, country: 'NG' })).toEqual({
      line1: '1 Marina',
      country: 'NG',
    });
    expect(mergeAddress(null, { city: 'Accra' })).toEqual({ city: 'Accra' });
    expect(mergeAddress({ city: 'Accra' }, { city: null })).toBeNull();
  });
});
