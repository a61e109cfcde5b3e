import { Module } from '@nestjs/common';

import { CustomerSubscriptionsController } from './customer-subscriptions.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsJobs } from './subscriptions.jobs.js';

@Module({
  controllers: [SubscriptionsController, CustomerSubscriptionsController],
  providers: [SubscriptionsJobs],
})
export class SubscriptionsModule {}
