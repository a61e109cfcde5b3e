import { RateLimiterMemory, type RateLimiterStoreAbstract } from 'rate-limiter-flexible';

import type { RateLimit } from './rate-policies.js';

/** How long the store may take to answer before the memory of the process counts instead. */
export const STORE_PATIENCE_MS = 500;

/** What a counter of one policy is made with; the limiter of every store takes these. */
export interface CounterOptions {
  keyPrefix: string;
  points: number;
  duration: number;
  insuranceLimiter: RateLimiterMemory;
}

/** Where all processes of the platform count together. */
export interface RateLimitStore {
  counter(policy: string, limit: RateLimit): RateLimiterStoreAbstract;
  /** Connects, and waits a moment for it, so that the first requests are counted where the others will be. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The options of a policy's counter. The prefix tells its keys from those of other policies; the memory of the process
 * counts while the store is away.
 */
export function counterOptions(policy: string, { quota, windowSeconds }: RateLimit): CounterOptions {
  const options = { keyPrefix: `nova-limit:${policy}`, points: quota, duration: windowSeconds };
  return { ...options, insuranceLimiter: new RateLimiterMemory(options) };
}
