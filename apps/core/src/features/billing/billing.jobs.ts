import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { finalizeDueInvoices, firstFinalization } from './finalize-due-invoices.js';

/** What billing does in the background besides the run itself: drafts become invoices when their grace is over. */
@Injectable()
export class BillingJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
  ) {}

  onModuleInit(): void {
    this.handlers.register('invoices.finalize_due', (ctx) => finalizeDueInvoices(ctx));
    this.dueSources.register('invoices', firstFinalization);
  }
}
