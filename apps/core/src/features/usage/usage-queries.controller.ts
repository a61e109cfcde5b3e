import { Controller, Get, Param, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { listUsage, readUsageEvent } from './list-usage.js';
import { summariseUsage } from './summarise-usage.js';
import {
  type ListUsageQuery,
  ListUsageQuerySchema,
  type UsageSummaryQuery,
  UsageSummaryQuerySchema,
  UsageSummarySchema,
} from './usage-queries.schemas.js';
import { UsageEventListSchema, UsageEventSchema } from './usage-wire.js';

@Controller('usage')
export class UsageQueriesController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List usage events',
    description: 'By their own time, the newest first.',
    access: 'usage:read',
    returns: UsageEventListSchema,
    operationId: 'listUsageEvents',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListUsageQuerySchema }) query: ListUsageQuery) {
    return listUsage(ctx, this.cursors, query);
  }

  @Get('summary')
  @Endpoint({
    summary: 'Summarise usage',
    description: 'What was used by a meter in each day, hour or month, by the customer’s time zone.',
    access: 'usage:read',
    returns: UsageSummarySchema,
    errors: [notFound, invalidRequest],
    operationId: 'summariseUsage',
  })
  summarise(@Ctx() ctx: TenantContext, @Query({ schema: UsageSummaryQuerySchema }) query: UsageSummaryQuery) {
    return summariseUsage(ctx, query);
  }

  @Get(':transactionId')
  @Endpoint({
    summary: 'Retrieve a usage event',
    description: 'By the `transactionId` that it was sent with.',
    access: 'usage:read',
    returns: UsageEventSchema,
    errors: [notFound],
    operationId: 'retrieveUsageEvent',
  })
  retrieve(@Ctx() ctx: TenantContext, @Param('transactionId') transactionId: string) {
    return readUsageEvent(ctx, transactionId);
  }
}
