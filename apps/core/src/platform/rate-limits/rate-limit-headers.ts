import type { Verdict } from './point-chunks.js';
import type { RateLimit, RatePolicy } from './rate-policies.js';

/** The fields of IETF draft-ietf-httpapi-ratelimit-headers-11: the policy, and what is left of it for how long. */
export function rateLimitHeaders(
  policy: RatePolicy,
  { quota, windowSeconds }: RateLimit,
  { remaining, resetSeconds }: Verdict,
): Record<'ratelimit-policy' | 'ratelimit', string> {
  return {
    'ratelimit-policy': `"${policy}";q=${quota};w=${windowSeconds}`,
    ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
  };
}
