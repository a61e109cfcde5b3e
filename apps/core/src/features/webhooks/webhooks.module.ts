import { Module } from '@nestjs/common';

import { OutboundModule } from '../../platform/outbound/outbound.module.js';
import { WebhookDispatcher } from './dispatch/webhook-dispatcher.js';
import { ENDPOINT_DEPS_PROVIDER } from './endpoint-deps.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksJobs } from './webhooks.jobs.js';

/** Events out: the tenant's own systems hear of what happens, signed, until they have heard. */
@Module({
  imports: [OutboundModule],
  controllers: [WebhookEndpointsController, WebhookDeliveriesController],
  providers: [WebhookSecrets, ENDPOINT_DEPS_PROVIDER, WebhookDispatcher, WebhooksJobs],
})
export class WebhooksModule {}
