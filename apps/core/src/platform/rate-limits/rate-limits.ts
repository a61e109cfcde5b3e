import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { RateLimiterStoreAbstract } from 'rate-limiter-flexible';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { LOGGER } from '../log/log.module.js';
import { PointChunks, type TakePoints, type Verdict } from './point-chunks.js';
import { refusals, storeFailures } from './rate-limit-metrics.js';
import type { RateLimitStore } from './rate-limit-store.js';
import type { RateLimit, RatePolicy } from './rate-policies.js';

/** The verdict on a request, with the limit that it was judged by. */
export interface Judgement {
  readonly limit: RateLimit;
  readonly verdict: Verdict;
}

/** A store that is away is told of once a minute, not with every request. */
const COMPLAIN_EVERY_MS = 60_000;

/**
 * Counts requests by policy and subject, for all processes together. While the store is away each process counts by
 * itself: a limit is then that of each process, and nobody is refused for the store's sake.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  /** Null until the first request: the processes that take none, the worker and the commands, never open it. */
  private store: Promise<RateLimitStore> | null = null;
  private readonly chunks = new Map<RatePolicy, PointChunks>();
  private complainedAt = -Infinity;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await (await this.store)?.close();
  }

  /**
   * Spends a point of the subject under a policy; null when the policy has no limit.
   * @param factor how many times the configured quota the subject has, at least one request of it
   */
  async judge(policy: RatePolicy, subject: string, factor: number = 1): Promise<Judgement | null> {
    const configured = this.config.rateLimits[policy];
    if (!configured) return null;
    const limit = { ...configured, quota: Math.max(1, Math.floor(configured.quota * factor)) };
    const verdict = await this.chunksOf(policy, configured).take(subject, limit.quota);
    if (!verdict.admitted) refusals.inc({ policy });
    return { limit, verdict };
  }

  private chunksOf(policy: RatePolicy, limit: RateLimit): PointChunks {
    let chunks = this.chunks.get(policy);
    if (!chunks) {
      chunks = new PointChunks(limit, this.takerOf(policy, limit));
      this.chunks.set(policy, chunks);
    }
    return chunks;
  }

  private takerOf(policy: RatePolicy, limit: RateLimit): TakePoints {
    let counting: Promise<RateLimiterStoreAbstract> | null = null;
    return async (key, points) => {
      const counter = await (counting ??= this.counterOf(policy, limit));
      const { consumedPoints, msBeforeNext } = await counter.penalty(key, points);
      return { taken: consumedPoints, msBeforeReset: msBeforeNext };
    };
  }

  private async counterOf(policy: RatePolicy, limit: RateLimit): Promise<RateLimiterStoreAbstract> {
    const store = await (this.store ??= this.openStore());
    return store.counter(policy, limit);
  }

  private async openStore(): Promise<RateLimitStore> {
    const { queue, centralDatabaseUrl } = this.config;
    const onError = (error: unknown) => this.complain(error);
    const store =
      queue.backend === 'redis'
        ? (await import('./redis-store.js')).openRedisStore(queue.url, onError)
        : (await import('./postgres-store.js')).openPostgresStore(centralDatabaseUrl, onError);
    await store.connect();
    return store;
  }

  private complain(error: unknown): void {
    storeFailures.inc();
    if (performance.now() - this.complainedAt < COMPLAIN_EVERY_MS) return;
    this.complainedAt = performance.now();
    this.log.warn(
      { err: error },
      'The store of rate limits is away; each process counts by itself meanwhile.',
    );
  }
}
