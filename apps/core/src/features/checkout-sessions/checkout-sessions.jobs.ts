import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { expireDueCheckoutSessions, firstCheckoutExpiry } from './expire-checkout-sessions.js';

/** Sessions expire by the tenant's clock. */
@Injectable()
export class CheckoutSessionsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
  ) {}

  onModuleInit(): void {
    this.handlers.register('checkout_sessions.expire', (ctx) => expireDueCheckoutSessions(ctx));
    this.dueSources.register('checkout_sessions', firstCheckoutExpiry);
  }
}
