import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createMeter } from './create-meter.js';
import { deleteMeter } from './delete-meter.js';
import { MeterListSchema, MeterSchema, toMeterWire } from './meter-wire.js';
import { meterInUse } from './meters.errors.js';
import { listMeters, requireMeter } from './meters.repository.js';
import {
  type CreateMeter,
  CreateMeterSchema,
  type ListMetersQuery,
  ListMetersQuerySchema,
  type UpdateMeter,
  UpdateMeterSchema,
} from './meters.schemas.js';
import { updateMeter } from './update-meter.js';

@Controller('meters')
export class MetersController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a meter',
    description:
      'It counts the events of a name that pass its filters, from those that were there before on.',
    access: 'meters:write',
    status: 201,
    returns: MeterSchema,
    errors: [externalIdTaken, invalidRequest],
    example: {
      name: 'Messages delivered',
      externalId: 'messages',
      eventName: 'message_sent',
      aggregation: 'sum',
      property: 'segments',
      filters: [{ property: 'status', operator: 'in', values: ['delivered', 'read'] }],
      groupBy: ['country'],
      unit: 'message',
    },
    operationId: 'createMeter',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateMeterSchema }) input: CreateMeter) {
    return toMeterWire(await createMeter(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List meters',
    access: 'meters:read',
    returns: MeterListSchema,
    operationId: 'listMeters',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListMetersQuerySchema }) query: ListMetersQuery) {
    return listMeters(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a meter',
    description: 'By its id or your external id.',
    access: 'meters:read',
    returns: MeterSchema,
    errors: [notFound],
    operationId: 'retrieveMeter',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    return toMeterWire(await requireMeter(ctx.db, idOrExternalId));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change or archive a meter',
    description:
      '`active: false` archives it: it takes no more events, and what it has counted is still billed.',
    access: 'meters:write',
    returns: MeterSchema,
    errors: [notFound, externalIdTaken, preconditionFailed, invalidRequest],
    example: { name: 'Messages', active: true },
    operationId: 'updateMeter',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdateMeterSchema }) input: UpdateMeter,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toMeterWire(await updateMeter(ctx, idOrExternalId, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a meter',
    description: 'When no price, feature or alert refers to it and no event was counted. Else archive it.',
    access: 'meters:write',
    returns: null,
    errors: [notFound, meterInUse, preconditionFailed],
    operationId: 'deleteMeter',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deleteMeter(ctx, idOrExternalId, expected);
  }
}
