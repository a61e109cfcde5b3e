import { Controller, Get, Param, Post, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { IdParamSchema } from '../../platform/http/common-schemas.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { processAgain } from './process-again.js';
import {
  type ListProviderWebhooksQuery,
  ListProviderWebhooksQuerySchema,
  ProviderWebhookDetailSchema,
  ProviderWebhookListSchema,
  ProviderWebhookSchema,
  toProviderWebhookDetailWire,
  toProviderWebhookWire,
} from './provider-webhook-wire.js';
import { listWebhooks, requireWebhook } from './provider-webhooks.repository.js';

/** The log of what payment providers have sent. */
@Controller('provider-webhooks')
export class ProviderWebhooksController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List webhooks of payment providers',
    description: 'What providers have sent, each event once, for as long as it is kept: 90 days.',
    access: 'payment_providers:read',
    returns: ProviderWebhookListSchema,
    operationId: 'listProviderWebhooks',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListProviderWebhooksQuerySchema }) query: ListProviderWebhooksQuery,
  ) {
    return listWebhooks(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a webhook of a payment provider',
    description: 'With its body as it came.',
    access: 'payment_providers:read',
    returns: ProviderWebhookDetailSchema,
    errors: [notFound],
    operationId: 'retrieveProviderWebhook',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id', { schema: IdParamSchema }) id: string) {
    return toProviderWebhookDetailWire(await requireWebhook(ctx.db, id));
  }

  @Post(':id/process')
  @Endpoint({
    summary: 'Process a webhook of a payment provider again',
    description: 'Looked at as if it had just come. What was done about it before is not done twice.',
    access: 'payment_providers:write',
    returns: ProviderWebhookSchema,
    errors: [notFound],
    operationId: 'processProviderWebhook',
  })
  async process(@Ctx() ctx: TenantContext, @Param('id', { schema: IdParamSchema }) id: string) {
    return toProviderWebhookWire(await processAgain(ctx, id));
  }
}
