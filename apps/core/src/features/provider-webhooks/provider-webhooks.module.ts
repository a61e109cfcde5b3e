import { Module } from '@nestjs/common';

import { PaymentsModule } from '../payments/payments.module.js';
import { DarajaWebhooksController } from './daraja-webhooks.controller.js';
import { InboundWebhooksController } from './inbound-webhooks.controller.js';
import { ProviderWebhooksController } from './provider-webhooks.controller.js';
import { ProviderWebhooksJobs } from './provider-webhooks.jobs.js';
import { WebhookAccounts } from './webhook-accounts.js';
import { WebhookIntake } from './webhook-intake.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** Webhooks of payment providers: taken in, kept, and dealt with. */
@Module({
  imports: [PaymentsModule],
  controllers: [DarajaWebhooksController, InboundWebhooksController, ProviderWebhooksController],
  providers: [WebhookAccounts, WebhookIntake, WebhookReceiver, ProviderWebhooksJobs],
})
export class ProviderWebhooksModule {}
