import { Injectable, type OnModuleInit } from '@nestjs/common';

import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { refreshMrr } from './mrr/refresh-mrr.js';

/** What analytics do in the background: recurring revenue follows the discounts of customers. */
@Injectable()
export class AnalyticsJobs implements OnModuleInit {
  constructor(private readonly handlers: JobHandlers) {}

  onModuleInit(): void {
    this.handlers.register('mrr.refresh', refreshMrr);
  }
}
