import { Module } from '@nestjs/common';

import { SubscriptionChangesController } from './changes/subscription-changes.controller.js';
import { CustomerSubscriptionsController } from './customer-subscriptions.controller.js';
import { PreviewsController } from './previews/previews.controller.js';
import { SubscriptionVerbsController } from './subscription-verbs.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsJobs } from './subscriptions.jobs.js';

@Module({
  controllers: [
    SubscriptionsController,
    SubscriptionVerbsController,
    SubscriptionChangesController,
    PreviewsController,
    CustomerSubscriptionsController,
  ],
  providers: [SubscriptionsJobs],
})
export class SubscriptionsModule {}
