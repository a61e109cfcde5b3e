import { Global, Module } from '@nestjs/common';

import { RateLimits } from './rate-limits.js';

/** The counters of requests, in the store that the configuration names. */
@Global()
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class RateLimitsModule {}
