import { Module } from '@nestjs/common';

import { AuthModule } from '../auth/auth.module.js';
import { BillingController } from './billing.controller.js';
import { PlatformAccountsModule } from './platform-accounts.module.js';
import { PlatformBillingJobs } from './platform-billing.jobs.js';

/** The platform bills its tenants by its own engine, as customers of a tenant of its own (ADR 0009). */
@Module({
  imports: [AuthModule, PlatformAccountsModule],
  controllers: [BillingController],
  providers: [PlatformBillingJobs],
})
export class PlatformBillingModule {}
