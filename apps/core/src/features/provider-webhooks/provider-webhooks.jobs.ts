import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DailyTasks } from '../../tenancy/dirty-marks/daily-tasks.js';
import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { firstWebhook, processWebhooks } from './process-webhooks.js';
import { removeOldWebhooks } from './remove-old-webhooks.js';

/** What is done about webhooks once they are answered. */
@Injectable()
export class ProviderWebhooksJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
    private readonly daily: DailyTasks,
    private readonly providers: PaymentProviders,
  ) {}

  onModuleInit(): void {
    const { providers } = this;
    this.handlers.register('provider_webhooks.process', (ctx) => processWebhooks(ctx, { providers }));
    this.dueSources.register('provider_webhooks', firstWebhook);
    this.daily.register('provider-webhook-log', removeOldWebhooks);
  }
}
