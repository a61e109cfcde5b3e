import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { evaluateUsageAlerts, firstUsageAlertCheck } from './evaluate-usage-alerts.js';

/** Alerts are looked at after events have come, for all who have used something at once. */
@Injectable()
export class UsageAlertsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
  ) {}

  onModuleInit(): void {
    this.handlers.register('usage_alerts.evaluate', (ctx) => evaluateUsageAlerts(ctx));
    this.dueSources.register('usage_alerts', firstUsageAlertCheck);
  }
}
