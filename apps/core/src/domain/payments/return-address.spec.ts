import { describe, expect, it } from 'vitest';

import { returnAddressRefusal } from './return-address.js';

describe('an address that customers are sent back to', () => {
  it.each([
    ['https://shop.example/thanks?order=1', 'live'],
    ['http://localhost:3000/thanks', 'test'],
    ['http://127.0.0.1/thanks', 'test'],
    ['http://[::1]:8080/', 'test'],
  ] as const)('may be %s in %s mode', (address, mode) => {
    expect(returnAddressRefusal(address, mode)).toBeNull();
  });

  it.each([
    ['http://localhost:3000/thanks', 'live'],
    ['http://shop.example/thanks', 'test'],
    ['http://localhost.shop.example/', 'test'],
    ['https://me@shop.example/', 'test'],
    ['https://me:secret@shop.example/', 'live'],
    ['javascript:alert(1)', 'test'],
    ['data:text/html,x', 'test'],
    ['//shop.example/thanks', 'test'],
    ['thanks', 'test'],
    ['', 'test'],
  ] as const)('may not be %s in %s mode', (address, mode) => {
    expect(returnAddressRefusal(address, mode)).not.toBeNull();
  });
});
