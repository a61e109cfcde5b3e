import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import {
  type ListWebhookDeliveriesQuery,
  ListWebhookDeliveriesQuerySchema,
  toDeliveryDetailWire,
  toDeliveryWire,
  WebhookDeliveryDetailSchema,
  WebhookDeliveryListSchema,
  WebhookDeliverySchema,
} from './delivery-wire.js';
import { replayDelivery, replayRange } from './replay.js';
import { sendTestEvent } from './send-test-event.js';
import { listDeliveries } from './webhook-endpoints.repository.js';
import {
  ReplayedSchema,
  type ReplayRange,
  ReplayRangeSchema,
  type TestWebhook,
  TestWebhookSchema,
} from './webhook-endpoints.schemas.js';
import { webhookEndpointDisabled } from './webhooks.errors.js';

@Controller()
export class WebhookDeliveriesController {
  constructor(private readonly cursors: Cursors) {}

  @Get('webhook-endpoints/:id/deliveries')
  @Endpoint({
    summary: 'List what a webhook endpoint was sent',
    access: 'webhooks:read',
    returns: WebhookDeliveryListSchema,
    errors: [notFound],
    operationId: 'listWebhookDeliveries',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Param('id') endpointId: string,
    @Query({ schema: ListWebhookDeliveriesQuerySchema }) query: ListWebhookDeliveriesQuery,
  ) {
    return listDeliveries(ctx, this.cursors, { endpointId, query });
  }

  @Post('webhook-endpoints/:id/replay')
  @Endpoint({
    summary: 'Replay what happened to a webhook endpoint',
    description:
      'Sends the events of a range of time by the endpoint’s filters, also those from before it was there or while it was disabled. At most 5,000 at once.',
    access: 'webhooks:write',
    returns: ReplayedSchema,
    errors: [notFound, webhookEndpointDisabled, invalidRequest],
    example: { from: '2026-11-01T00:00:00Z', which: 'undelivered' },
    operationId: 'replayWebhooks',
  })
  async replayRange(
    @Ctx() ctx: TenantContext,
    @Param('id') endpointId: string,
    @Body({ schema: ReplayRangeSchema }) range: ReplayRange,
  ) {
    const { deliveries, nextFrom } = await replayRange(ctx, endpointId, range);
    return {
      object: 'webhook_replay',
      endpointId,
      deliveries,
      hasMore: nextFrom !== null,
      nextFrom: nextFrom?.toISOString() ?? null,
    };
  }

  @Post('webhook-endpoints/:id/test')
  @Endpoint({
    summary: 'Send a test event to a webhook endpoint',
    description: 'An event `webhook_endpoint.test` with an example of the type inside, whatever its filters.',
    access: 'webhooks:write',
    status: 201,
    returns: WebhookDeliverySchema,
    errors: [notFound, webhookEndpointDisabled],
    example: { type: 'invoice.paid' },
    operationId: 'testWebhookEndpoint',
  })
  async test(
    @Ctx() ctx: TenantContext,
    @Param('id') endpointId: string,
    @Body({ schema: TestWebhookSchema }) input: TestWebhook,
  ) {
    return toDeliveryWire(await sendTestEvent(ctx, endpointId, input));
  }

  @Get('webhook-deliveries/:id')
  @Endpoint({
    summary: 'Retrieve a webhook delivery',
    description: 'With every attempt at it, for as long as the log is kept.',
    access: 'webhooks:read',
    returns: WebhookDeliveryDetailSchema,
    errors: [notFound],
    operationId: 'retrieveWebhookDelivery',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    const delivery = await ctx.db.webhookDelivery.findUnique({
      where: { id },
      include: { log: { orderBy: { number: 'desc' } } },
    });
    if (!delivery) throw notFound('There is no such delivery.');
    return toDeliveryDetailWire(delivery);
  }

  @Post('webhook-deliveries/:id/replay')
  @Endpoint({
    summary: 'Replay a webhook delivery',
    description: 'Sends it again at once, with the same `webhook-id`, and the whole schedule if it fails.',
    access: 'webhooks:write',
    returns: WebhookDeliverySchema,
    errors: [notFound, webhookEndpointDisabled],
    operationId: 'replayWebhookDelivery',
  })
  async replay(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toDeliveryWire(await replayDelivery(ctx, id));
  }
}
