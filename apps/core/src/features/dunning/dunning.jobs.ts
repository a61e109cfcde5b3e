import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { PayLinks } from '../hosted-pages/pay-links.js';
import { NotificationChannels } from '../notifications/notification-channels.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { firstOverdue, markOverdueInvoices } from './mark-overdue.js';
import { firstStep, runDunning } from './run-dunning.js';
import type { DunningDeps } from './take-step.js';

/** What dunning does in the background: it finds what is overdue, and takes the steps that are due. */
@Injectable()
export class DunningJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
    private readonly providers: PaymentProviders,
    private readonly payLinks: PayLinks,
    private readonly channels: NotificationChannels,
  ) {}

  onModuleInit(): void {
    const { providers, payLinks, channels } = this;
    const deps: DunningDeps = { providers, payLinks, channels };
    this.handlers.register('invoices.mark_overdue', markOverdueInvoices);
    this.handlers.register('dunning.run', (ctx) => runDunning(ctx, deps));
    this.dueSources.register('overdue_invoices', firstOverdue);
    this.dueSources.register('dunning', firstStep);
  }
}
