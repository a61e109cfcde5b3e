import { describe, expect, it } from 'vitest';

import { parseRateLimit, RATE_LIMIT_DEFAULTS } from './rate-policies.js';

describe('a rate limit in the environment', () => {
  it('is a number of requests in a number of seconds, or off', () => {
    expect(parseRateLimit('600/60')).toEqual({ quota: 600, windowSeconds: 60 });
    expect(parseRateLimit('1/86400')).toEqual({ quota: 1, windowSeconds: 86_400 });
    expect(parseRateLimit('off')).toBeNull();
  });

  it.each([
    '',
    '600',
    '600/',
    '/60',
    '0/60',
    '600/0',
    '-1/60',
    '1.5/60',
    '600/86401',
    '1/60/60',
    'on',
    '9999999999/60',
  ])('is not %j', (text) => {
    expect(parseRateLimit(text)).toBeUndefined();
  });

  it('has a default for every policy', () => {
    for (const text of Object.values(RATE_LIMIT_DEFAULTS)) expect(parseRateLimit(text)).toBeTruthy();
  });
});
