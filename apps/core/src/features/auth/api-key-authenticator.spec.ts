import { describe, expect, it } from 'vitest';

import { KEY_PERMISSIONS } from '../../platform/access/permissions.js';
import { stoppedClock } from '../../platform/clock/clock.js';
import { makeApiKey } from '../../platform/crypto/api-key.js';
import { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import { ApiKeyAuthenticator, type KnownApiKey, permissionsOfKey } from './api-key-authenticator.js';

const now = new Date('2026-01-31T09:00:00Z');
const hash = new KeyedHash(Buffer.alloc(32, 1), 'api-key');
const key = makeApiKey({ kind: 'secret', mode: 'test' });
const known: KnownApiKey = {
  id: 'key_1',
  tenantId: 'ten_1',
  mode: 'test',
  permissions: new Set(KEY_PERMISSIONS),
  expiresAt: null,
};

/** An authenticator over the keys given, which counts how often it looks one up. */
function over(keys: Record<string, KnownApiKey>) {
  const lookUps: string[] = [];
  const authenticator = new ApiKeyAuthenticator(hash, stoppedClock(now), (hashed) => {
    lookUps.push(hashed);
    return Promise.resolve(keys[hashed] ?? null);
  });
  return { authenticator, lookUps };
}

describe('API key authenticator', () => {
  it('finds a key by its keyed hash, never by its text', async () => {
    const { authenticator, lookUps } = over({ [hash.of(key)]: known });
    expect(await authenticator.authenticate(key)).toEqual(known);
    expect(lookUps).toEqual([hash.of(key)]);
  });

  it('looks nothing up for a key with a wrong checksum', async () => {
    const { authenticator, lookUps } = over({ [hash.of(key)]: known });
    const last = key.endsWith('a') ? 'b' : 'a';
    for (const wrong of [
      key.slice(0, -1) + last,
      `${key}x`,
      key.slice(0, -1),
      'sk_test_',
      'sk_test_' + '0'.repeat(36),
    ]) {
      expect(await authenticator.authenticate(wrong)).toBeNull();
    }
    expect(lookUps).toEqual([]);
  });

  it('does not know a well-formed key that was never made', async () => {
    expect(await over({}).authenticator.authenticate(key)).toBeNull();
  });

  it('refuses a key from the moment it expires', async () => {
    const expiring = (expiresAt: Date) => over({ [hash.of(key)]: { ...known, expiresAt } }).authenticator;
    expect(await expiring(new Date(now.getTime() + 1)).authenticate(key)).not.toBeNull();
    expect(await expiring(now).authenticate(key)).toBeNull();
  });

  it('refuses a key whose row is of the other mode', async () => {
    const { authenticator } = over({ [hash.of(key)]: { ...known, mode: 'live' } });
    expect(await authenticator.authenticate(key)).toBeNull();
  });
});

describe('what a key may do', () => {
  it('is everything a key may, for a secret one', () => {
    expect([...permissionsOfKey({ kind: 'secret', scopes: [] })]).toEqual(KEY_PERMISSIONS);
  });

  it('is its scopes, for a restricted one, and never anything about the account', () => {
    const scopes = ['invoices:read', 'members:write', 'tenant:write', 'no:such'];
    expect([...permissionsOfKey({ kind: 'restricted', scopes })]).toEqual(['invoices:read']);
    expect(permissionsOfKey({ kind: 'restricted', scopes: [] }).size).toBe(0);
  });
});
