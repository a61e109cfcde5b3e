import { Injectable, type OnModuleInit } from '@nestjs/common';

import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { releasePaymentMethod } from './release-payment-method.js';

/** What was detached is given up at its provider, however long that takes to answer. */
@Injectable()
export class PaymentMethodsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly providers: PaymentProviders,
  ) {}

  onModuleInit(): void {
    this.handlers.register('payment_methods.release', (ctx, { paymentMethodId }) =>
      releasePaymentMethod(ctx, this.providers, paymentMethodId),
    );
  }
}
