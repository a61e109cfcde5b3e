import { Module } from '@nestjs/common';

import { RateLimitsModule } from '../../platform/rate-limits/rate-limits.module.js';
import { RequestLimits } from './request-limits.js';

/** What the guard counts requests with. */
@Module({ imports: [RateLimitsModule], providers: [RequestLimits], exports: [RequestLimits] })
export class RequestLimitsModule {}
