import { Module } from '@nestjs/common';

import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsJobs } from './analytics.jobs.js';

@Module({ controllers: [AnalyticsController], providers: [AnalyticsJobs] })
export class AnalyticsModule {}
