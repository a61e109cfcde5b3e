import { Module } from '@nestjs/common';

import { UsageAlertsController } from './usage-alerts.controller.js';
import { UsageAlertsJobs } from './usage-alerts.jobs.js';

@Module({ controllers: [UsageAlertsController], providers: [UsageAlertsJobs] })
export class UsageAlertsModule {}
