import { once } from 'node:events';

import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';

import { counterOptions, type RateLimitStore, STORE_PATIENCE_MS } from './rate-limit-store.js';

/** Counts in Redis, where keys expire by themselves. A Redis that is away is not waited for. */
export function openRedisStore(url: string, onError: (error: unknown) => void): RateLimitStore {
  const redis = new Redis(url, {
    connectionName: 'nova-limits',
    commandTimeout: STORE_PATIENCE_MS,
    enableOfflineQueue: false,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', onError);
  return {
    counter: (policy, limit) =>
      new RateLimiterRedis({
        ...counterOptions(policy, limit),
        storeClient: redis,
        rejectIfRedisNotReady: true,
      }),
    connect: async () => {
      redis.connect().catch(onError);
      await once(redis, 'ready', { signal: AbortSignal.timeout(STORE_PATIENCE_MS) }).catch(onError);
    },
    close: async () => {
      redis.disconnect();
    },
  };
}
