import { Module } from '@nestjs/common';

import { BillingJobs } from './billing.jobs.js';

@Module({ providers: [BillingJobs] })
export class BillingModule {}
