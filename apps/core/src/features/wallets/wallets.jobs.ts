import { Injectable, type OnModuleInit } from '@nestjs/common';

import { DueSources } from '../../tenancy/due-work/due-sources.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { expireGrants, firstExpiry } from './expire-grants.js';
import { topUpByRule } from './top-up-by-rule.js';

/** What wallets do in the background: what is in them expires, and they are topped up by their rules. */
@Injectable()
export class WalletsJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly dueSources: DueSources,
  ) {}

  onModuleInit(): void {
    this.handlers.register('wallets.expire', (ctx) => expireGrants(ctx));
    this.handlers.register('wallets.top_up', (ctx, { walletId }) => topUpByRule(ctx, walletId));
    this.dueSources.register('wallets', firstExpiry);
  }
}
