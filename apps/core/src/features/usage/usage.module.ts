import { Module } from '@nestjs/common';

import { CustomerUsageController } from './customer-usage.controller.js';
import { UsageQueriesController } from './usage-queries.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageMonths } from './usage.jobs.js';

@Module({
  controllers: [UsageController, UsageQueriesController, CustomerUsageController],
  providers: [UsageMonths],
})
export class UsageModule {}
