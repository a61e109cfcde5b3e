import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';

import { notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import { createWebhookEndpoint, type EndpointDeps } from './create-webhook-endpoint.js';
import { rotateWebhookSecret } from './rotate-webhook-secret.js';
import { deleteWebhookEndpoint, updateWebhookEndpoint } from './update-webhook-endpoint.js';
import {
  NewWebhookEndpointSchema,
  toWebhookEndpointWire,
  WebhookEndpointListSchema,
  WebhookEndpointSchema,
  WebhookSecretWireSchema,
} from './webhook-endpoint-wire.js';
import { listEndpoints, requireEndpoint } from './webhook-endpoints.repository.js';
import {
  type CreateWebhookEndpoint,
  CreateWebhookEndpointSchema,
  type ListWebhookEndpointsQuery,
  ListWebhookEndpointsQuerySchema,
  type RotateWebhookSecret,
  RotateWebhookSecretSchema,
  type UpdateWebhookEndpoint,
  UpdateWebhookEndpointSchema,
} from './webhook-endpoints.schemas.js';
import { ENDPOINT_DEPS } from './endpoint-deps.js';
import { webhookEndpointLimit, webhookUrlRefused } from './webhooks.errors.js';

@Controller('webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    @Inject(ENDPOINT_DEPS) private readonly deps: EndpointDeps,
    private readonly cursors: Cursors,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Create a webhook endpoint',
    description:
      'It hears of what happens from now on, signed as Standard Webhooks has it. The secret is in this answer.',
    access: 'webhooks:write',
    status: 201,
    returns: NewWebhookEndpointSchema,
    errors: [webhookUrlRefused, webhookEndpointLimit],
    idempotency: 'sealed',
    example: { url: 'https://example.com/webhooks/nova', eventTypes: ['invoice.*', 'payment.succeeded'] },
    operationId: 'createWebhookEndpoint',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Body({ schema: CreateWebhookEndpointSchema }) input: CreateWebhookEndpoint,
    @KeyedOperation() operation: Operation,
  ) {
    const id = await operation.decide(() => newId('whk'));
    const { endpoint, secret } = await createWebhookEndpoint(this.deps, ctx, { id, input });
    return { ...toWebhookEndpointWire(endpoint), secret };
  }

  @Get()
  @Endpoint({
    summary: 'List webhook endpoints',
    access: 'webhooks:read',
    returns: WebhookEndpointListSchema,
    operationId: 'listWebhookEndpoints',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListWebhookEndpointsQuerySchema }) query: ListWebhookEndpointsQuery,
  ) {
    return listEndpoints(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a webhook endpoint',
    access: 'webhooks:read',
    returns: WebhookEndpointSchema,
    errors: [notFound],
    operationId: 'retrieveWebhookEndpoint',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toWebhookEndpointWire(await requireEndpoint(ctx.db, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a webhook endpoint',
    description:
      'One that is enabled again begins with a clean record; what it has missed is sent when it is replayed.',
    access: 'webhooks:write',
    returns: WebhookEndpointSchema,
    errors: [notFound, preconditionFailed, webhookUrlRefused],
    example: { eventTypes: ['*'], status: 'enabled' },
    operationId: 'updateWebhookEndpoint',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: UpdateWebhookEndpointSchema }) input: UpdateWebhookEndpoint,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toWebhookEndpointWire(await updateWebhookEndpoint(this.deps, ctx, { id, expected }, input));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a webhook endpoint',
    description: 'With the log of what it was sent.',
    access: 'webhooks:write',
    returns: null,
    errors: [notFound, preconditionFailed],
    operationId: 'deleteWebhookEndpoint',
  })
  async remove(@Ctx() ctx: TenantContext, @Param('id') id: string, @IfMatch() expected: ExpectedVersions) {
    await deleteWebhookEndpoint(this.deps.secrets, ctx, { id, expected });
  }

  @Get(':id/secret')
  @Endpoint({
    summary: 'Reveal the secret of a webhook endpoint',
    access: 'webhooks:write',
    returns: WebhookSecretWireSchema,
    errors: [notFound],
    operationId: 'revealWebhookSecret',
  })
  async reveal(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    await requireEndpoint(ctx.db, id);
    const [secret] = await this.deps.secrets.of(ctx, id, ctx.clock.now());
    if (secret === undefined) throw notFound('It has no secret: rotate it.');
    return { object: 'webhook_secret', endpointId: id, secret, previousUntil: null };
  }

  @Post(':id/rotate-secret')
  @Endpoint({
    summary: 'Rotate the secret of a webhook endpoint',
    description: 'For the overlap, deliveries carry a signature by each of the two secrets.',
    access: 'webhooks:write',
    returns: WebhookSecretWireSchema,
    errors: [notFound],
    idempotency: 'sealed',
    example: { overlapSeconds: 86_400 },
    operationId: 'rotateWebhookSecret',
  })
  async rotate(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: RotateWebhookSecretSchema }) input: RotateWebhookSecret,
    @KeyedOperation() operation: Operation,
  ) {
    const secretId = await operation.decide(() => newId('whs'));
    const rotated = await rotateWebhookSecret(this.deps.secrets, ctx, { id, secretId, input });
    return {
      object: 'webhook_secret',
      endpointId: id,
      secret: rotated.secret,
      previousUntil: rotated.previousUntil?.toISOString() ?? null,
    };
  }
}
