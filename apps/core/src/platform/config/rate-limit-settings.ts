import { z } from 'zod';

import {
  parseRateLimit,
  RATE_LIMIT_DEFAULTS,
  type RateLimit,
  type RateLimitTable,
  type RatePolicy,
} from '../rate-limits/rate-policies.js';

function limitOf(policy: RatePolicy) {
  return z
    .string()
    .default(RATE_LIMIT_DEFAULTS[policy])
    .transform((text, check): RateLimit | null => {
      const limit = parseRateLimit(text);
      if (limit !== undefined) return limit;
      check.addIssue('must be REQUESTS/SECONDS such as 600/60, at most a day, or off');
      return z.NEVER;
    });
}

/** The settings of rate limits, as part of the environment's schema. */
export const rateLimitSettings = {
  RATE_LIMIT_READ: limitOf('read'),
  RATE_LIMIT_WRITE: limitOf('write'),
  RATE_LIMIT_INGEST: limitOf('ingest'),
  RATE_LIMIT_OTP: limitOf('otp'),
  RATE_LIMIT_SMS: limitOf('sms'),
  RATE_LIMIT_ASSISTANT: limitOf('assistant'),
  RATE_LIMIT_LOGIN: limitOf('login'),
  RATE_LIMIT_LOGIN_EMAIL: limitOf('login_email'),
  RATE_LIMIT_REGISTER: limitOf('register'),
  RATE_LIMIT_REGISTER_EMAIL: limitOf('register_email'),
  RATE_LIMIT_REFRESH: limitOf('refresh'),
  RATE_LIMIT_REFRESH_SESSION: limitOf('refresh_session'),
  RATE_LIMIT_AUTHENTICATION: limitOf('authentication'),
  RATE_LIMIT_PAGE: limitOf('page'),
  RATE_LIMIT_PAGE_PAYMENT: limitOf('page_payment'),
  RATE_LIMIT_PAGE_PAYMENT_LINK: limitOf('page_payment_link'),
} satisfies Record<`RATE_LIMIT_${Uppercase<RatePolicy>}`, z.ZodType<RateLimit | null>>;

type RateLimitEnvironment = Record<keyof typeof rateLimitSettings, RateLimit | null>;

/** The same by policy. */
export function rateLimitsOf(env: RateLimitEnvironment): RateLimitTable {
  const policies = Object.keys(RATE_LIMIT_DEFAULTS) as RatePolicy[];
  const limits = policies.map((policy) => [
    policy,
    env[`RATE_LIMIT_${policy.toUpperCase()}` as keyof RateLimitEnvironment],
  ]);
  return Object.fromEntries(limits) as RateLimitTable;
}
