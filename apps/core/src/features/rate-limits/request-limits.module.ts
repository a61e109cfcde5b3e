import { Module } from '@nestjs/common';

import { RateLimitsModule } from '../../platform/rate-limits/rate-limits.module.js';
import { PlatformAccountsModule } from '../platform-billing/platform-accounts.module.js';
import { RequestLimits } from './request-limits.js';

/** What the guard counts requests with. */
@Module({
  imports: [RateLimitsModule, PlatformAccountsModule],
  providers: [RequestLimits],
  exports: [RequestLimits],
})
export class RequestLimitsModule {}
