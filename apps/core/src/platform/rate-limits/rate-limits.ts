import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { LOGGER } from '../log/log.module.js';
import { PointChunks, type TakePoints, type Verdict } from './point-chunks.js';
import { openPostgresStore } from './postgres-store.js';
import { refusals, storeFailures } from './rate-limit-metrics.js';
import { counterOptions, type RateLimitStore } from './rate-limit-store.js';
import type { RateLimit, RatePolicy } from './rate-policies.js';
import { openRedisStore } from './redis-store.js';

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
  private readonly store: RateLimitStore;
  private readonly chunks = new Map<RatePolicy, PointChunks>();
  private connected: Promise<void> | null = null;
  private complainedAt = -Infinity;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const { queue, centralDatabaseUrl } = config;
    const onError = (error: unknown) => this.complain(error);
    this.store =
      queue.backend === 'redis'
        ? openRedisStore(queue.url, onError)
        : openPostgresStore(centralDatabaseUrl, onError);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
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
    const counter = this.store.counter(counterOptions(policy, limit));
    return async (key, points) => {
      // The processes that take no requests, the worker and the commands, never come here.
      await (this.connected ??= this.store.connect());
      const { consumedPoints, msBeforeNext } = await counter.penalty(key, points);
      return { taken: consumedPoints, msBeforeReset: msBeforeNext };
    };
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
