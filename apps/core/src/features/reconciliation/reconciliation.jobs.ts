import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { firstReconciliation, reconcileProviders } from './reconcile-providers.js';

/** Reads providers' books in the background, for what no webhook told of. */
@Injectable()
export class ReconciliationJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
    private readonly providers: PaymentProviders,
  ) {}

  onModuleInit(): void {
    this.handlers.register('payments.reconcile', (ctx) => reconcileProviders(ctx, this.providers));
    this.dueSources.register('reconciliations', firstReconciliation);
  }
}
