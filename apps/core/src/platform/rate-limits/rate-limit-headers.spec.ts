import { expect, it } from 'vitest';

import { rateLimitHeaders } from './rate-limit-headers.js';

it('says the policy and what is left of it as draft 11 has it', () => {
  const limit = { quota: 100, windowSeconds: 60 };
  expect(rateLimitHeaders('write', limit, { admitted: true, remaining: 42, resetSeconds: 18 })).toEqual({
    'ratelimit-policy': '"write";q=100;w=60',
    ratelimit: '"write";r=42;t=18',
  });
});
