import { Module } from '@nestjs/common';

import { HostedPagesModule } from '../hosted-pages/hosted-pages.module.js';
import { CheckoutSessionsController } from './checkout-sessions.controller.js';
import { CheckoutSessionsJobs } from './checkout-sessions.jobs.js';

@Module({
  imports: [HostedPagesModule],
  controllers: [CheckoutSessionsController],
  providers: [CheckoutSessionsJobs],
})
export class CheckoutSessionsModule {}
