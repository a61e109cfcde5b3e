import { describe, expect, it } from 'vitest';

import { KeyedHash } from './keyed-hash.js';

const masterKey = Buffer.alloc(32, 7);

describe('keyed hash', () => {
  it('is the same for the same value, key and purpose', () => {
    const hash = new KeyedHash(masterKey, 'api-key').of('sk_test_1');
    expect(hash).toMatch(/^[\w-]{43}$/);
    expect(new KeyedHash(masterKey, 'api-key').of('sk_test_1')).toBe(hash);
  });

  it('differs by value, by purpose and by master key', () => {
    const hashes = [
      new KeyedHash(masterKey, 'api-key').of('a'),
      new KeyedHash(masterKey, 'api-key').of('b'),
      new KeyedHash(masterKey, 'refresh-token').of('a'),
      new KeyedHash(Buffer.alloc(32, 8), 'api-key').of('a'),
    ];
    expect(new Set(hashes).size).toBe(4);
  });

  it('stays what it was, so that stored hashes keep matching', () => {
    expect(new KeyedHash(masterKey, 'api-key').of('sk_test_1')).toBe(
      'r-u_9FFJUeF3ToVxQiPKvcybUuRzEkbmxam7kGJdh4o',
    );
  });
});
