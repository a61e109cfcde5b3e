import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { sendRefund } from './send-refund.js';
import { firstRefundCheck, verifyPendingRefunds } from './verify-pending-refunds.js';

/** What refunds do in the background: they are made, and asked after while it is not known what became of them. */
@Injectable()
export class RefundsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
    private readonly providers: PaymentProviders,
  ) {}

  onModuleInit(): void {
    this.handlers.register('refunds.send', (ctx, { refundId }) => sendRefund(ctx, this.providers, refundId));
    this.handlers.register('refunds.verify_pending', (ctx) => verifyPendingRefunds(ctx, this.providers));
    this.dueSources.register('refunds', firstRefundCheck);
  }
}
