import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { collectInvoice } from './collect-invoice.js';
import { PaymentProviders } from './providers/payment-providers.js';
import { firstCheck, verifyPendingPayments } from './verify-pending-payments.js';

/** What payments do in the background: invoices are charged, and providers are asked after what is not known yet. */
@Injectable()
export class PaymentsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
    private readonly providers: PaymentProviders,
  ) {}

  onModuleInit(): void {
    this.handlers.register('invoices.collect', (ctx, { invoiceId }) =>
      collectInvoice(ctx, this.providers, invoiceId),
    );
    this.handlers.register('payments.verify_pending', (ctx) => verifyPendingPayments(ctx, this.providers));
    this.dueSources.register('payments', firstCheck);
  }
}
