import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources, type FirstDue } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { billLeftoverUsage, firstLeftoverUsage } from './bill-leftover-usage.js';
import { finalizeDueInvoices, firstFinalization } from './finalize-due-invoices.js';

/**
 * What billing does in the background besides the run itself: drafts become invoices when their grace is over, and what
 * customers who are gone had used is billed when it becomes known.
 */
@Injectable()
export class BillingJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
  ) {}

  onModuleInit(): void {
    this.handlers.register('invoices.finalize_due', finalizeAndCollectLeftovers);
    this.dueSources.register('invoices', firstOfBoth);
  }
}

async function finalizeAndCollectLeftovers(ctx: TenantContext): Promise<void> {
  await finalizeDueInvoices(ctx);
  await billLeftoverUsage(ctx);
}

async function firstOfBoth(db: TenantReader): Promise<FirstDue | null> {
  const [draft, leftover] = await Promise.all([firstFinalization(db), firstLeftoverUsage(db)]);
  if (!draft || !leftover) return draft ?? leftover;
  return draft.at <= leftover.at ? draft : leftover;
}
