import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createUsageAlert } from './create-usage-alert.js';
import { deleteUsageAlert, updateUsageAlert } from './update-usage-alert.js';
import {
  type CreateUsageAlert,
  CreateUsageAlertSchema,
  type ListUsageAlertsQuery,
  ListUsageAlertsQuerySchema,
  toUsageAlertWire,
  type UpdateUsageAlert,
  UpdateUsageAlertSchema,
  UsageAlertListSchema,
  UsageAlertSchema,
} from './usage-alert-wire.js';
import { alertNeedsQuota } from './usage-alerts.errors.js';
import { listUsageAlerts, requireUsageAlert } from './usage-alerts.repository.js';

@Controller('usage-alerts')
export class UsageAlertsController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a usage alert',
    description:
      'When a customer’s usage comes to a threshold, the event `usage.threshold_reached` is written: once for each threshold, customer and window.',
    access: 'meters:write',
    status: 201,
    returns: UsageAlertSchema,
    errors: [notFound, alertNeedsQuota, invalidRequest],
    example: {
      name: 'Heavy callers',
      meterId: 'api_calls',
      thresholds: [
        { value: '10000', type: 'quantity' },
        { value: '100000', type: 'quantity' },
      ],
    },
    operationId: 'createUsageAlert',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateUsageAlertSchema }) input: CreateUsageAlert) {
    return toUsageAlertWire(await createUsageAlert(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List usage alerts',
    access: 'meters:read',
    returns: UsageAlertListSchema,
    operationId: 'listUsageAlerts',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListUsageAlertsQuerySchema }) query: ListUsageAlertsQuery,
  ) {
    return listUsageAlerts(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a usage alert',
    access: 'meters:read',
    returns: UsageAlertSchema,
    errors: [notFound],
    operationId: 'retrieveUsageAlert',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toUsageAlertWire(await requireUsageAlert(ctx.db, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a usage alert',
    access: 'meters:write',
    returns: UsageAlertSchema,
    errors: [notFound, alertNeedsQuota, preconditionFailed, invalidRequest],
    example: { thresholds: [{ value: '50000', type: 'quantity' }], active: true },
    operationId: 'updateUsageAlert',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: UpdateUsageAlertSchema }) input: UpdateUsageAlert,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toUsageAlertWire(await updateUsageAlert(ctx, id, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a usage alert',
    description: 'The events that it wrote stay.',
    access: 'meters:write',
    returns: null,
    errors: [notFound, preconditionFailed],
    operationId: 'deleteUsageAlert',
  })
  async remove(@Ctx() ctx: TenantContext, @Param('id') id: string, @IfMatch() expected: ExpectedVersions) {
    await deleteUsageAlert(ctx, id, expected);
  }
}
