import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { DailyTasks } from '../../tenancy/dirty-marks/daily-tasks.js';
import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { firstDelivery } from './dispatch/due-endpoints.js';
import { WebhookDispatcher } from './dispatch/webhook-dispatcher.js';
import { notifyDisabled } from './notify-disabled.js';
import { removeOldDeliveries, tidySecrets } from './remove-old-deliveries.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** What webhooks do in the background: they are sent, somebody is told of endpoints that were given up, logs end. */
@Injectable()
export class WebhooksJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
    private readonly daily: DailyTasks,
    private readonly dispatcher: WebhookDispatcher,
    private readonly secrets: WebhookSecrets,
    private readonly mailer: Mailer,
    private readonly central: CentralDatabase,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const { mailer, config, central } = this;
    const deps = { mailer, central: central.db, publicUrl: config.publicUrl };
    this.handlers.register('webhooks.deliver', (ctx) => this.dispatcher.deliverDue(ctx));
    this.handlers.register('webhooks.notify_disabled', (ctx, { endpointId }) =>
      notifyDisabled(deps, ctx, endpointId),
    );
    this.dueSources.register('webhooks', firstDelivery);
    this.daily.register('webhook-log', (database) => removeOldDeliveries(database, config.webhooks.logDays));
    this.daily.register('webhook-secrets', (database) => tidySecrets(database, this.secrets));
  }
}
