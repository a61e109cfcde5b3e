import { describe, expect, it } from 'vitest';

import { API_KEY_KINDS, apiKeyHint, looksLikeApiKey, makeApiKey, readApiKey } from './api-key.js';

describe('API keys', () => {
  it('say their kind and mode, and read back', () => {
    for (const kind of API_KEY_KINDS) {
      for (const mode of ['test', 'live'] as const) {
        const key = makeApiKey({ kind, mode });
        expect(key).toMatch(/^(sk|rk)_(test|live)_[0-9A-Za-z]{36}$/);
        expect(readApiKey(key)).toEqual({ kind, mode });
      }
    }
  });

  it('are all different', () => {
    const keys = Array.from({ length: 500 }, () => makeApiKey({ kind: 'secret', mode: 'test' }));
    expect(new Set(keys).size).toBe(500);
  });

  it('fail their checksum when any one character is changed', () => {
    const key = makeApiKey({ kind: 'secret', mode: 'test' });
    for (let position = 0; position < key.length; position++) {
      const other = key[position] === 'x' ? 'y' : 'x';
      const changed = key.slice(0, position) + other + key.slice(position + 1);
      expect(readApiKey(changed), `character ${position}`).toBeNull();
    }
  });

  it('fail when prefix and mode are swapped, which the checksum covers', () => {
    const key = makeApiKey({ kind: 'restricted', mode: 'test' });
    expect(readApiKey(key.replace('_test_', '_live_'))).toBeNull();
    expect(readApiKey(key.replace('rk_', 'sk_'))).toBeNull();
  });

  it.each([
    '',
    'sk_',
    'sk_test_',
    'sk_test_abc',
    'pk_test_0123',
    ' sk_test_x',
    `sk_test_${'0'.repeat(5_000)}`,
  ])('refuse what is not a key: %j', (text) => {
    expect(readApiKey(text)).toBeNull();
  });

  it('have a fixed checksum over the text before it', () => {
    // Written down so that keys handed out stay valid: this must never change.
    expect(readApiKey(`sk_test_${'0'.repeat(30)}2OMZgq`)).toEqual({ kind: 'secret', mode: 'test' });
  });

  it('show the prefix and the last four characters', () => {
    const key = makeApiKey({ kind: 'secret', mode: 'live' });
    expect(apiKeyHint(key)).toBe(`sk_live_…${key.slice(-4)}`);
  });

  it('are told from access tokens by their prefix', () => {
    expect(looksLikeApiKey('sk_broken')).toBe(true);
    expect(looksLikeApiKey('eyJhbGciOiJIUzI1NiJ9.e30.x')).toBe(false);
  });
});
