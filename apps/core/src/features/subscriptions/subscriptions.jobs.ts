import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { firstBilling, runBilling } from './run-billing.js';

/** What subscriptions do in the background: they are billed when their next period begins. */
@Injectable()
export class SubscriptionsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
  ) {}

  onModuleInit(): void {
    this.handlers.register('billing.run', (ctx) => runBilling(ctx));
    this.dueSources.register('billing', firstBilling);
  }
}
