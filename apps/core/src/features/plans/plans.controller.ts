import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createPlan } from './create-plan.js';
import { deletePlan } from './delete-plan.js';
import { PlanListSchema, PlanSchema, toPlanWire } from './plan-wire.js';
import { planInUse } from './plans.errors.js';
import { listPlans, readPlan, requirePlan } from './plans.repository.js';
import {
  type CreatePlan,
  CreatePlanSchema,
  type ListPlansQuery,
  ListPlansQuerySchema,
  type UpdatePlan,
  UpdatePlanSchema,
} from './plans.schemas.js';
import { updatePlan } from './update-plan.js';

@Controller('plans')
export class PlansController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a plan',
    description:
      'With its prices, or without: they can be added later. This is version 1 of it; `POST /plans/:id/versions` makes the next.',
    access: 'plans:write',
    status: 201,
    returns: PlanSchema,
    errors: [externalIdTaken, invalidRequest],
    example: {
      name: 'Team',
      externalId: 'team',
      prices: [
        {
          name: 'Base',
          currency: 'NGN',
          model: 'flat',
          type: 'recurring',
          unitAmount: '1500000',
          interval: 'month',
        },
        {
          name: 'Seat',
          currency: 'NGN',
          model: 'per_unit',
          type: 'recurring',
          unitAmount: '250000',
          interval: 'month',
        },
        {
          name: 'Setup',
          currency: 'NGN',
          model: 'flat',
          type: 'one_time',
          unitAmount: '500000',
          optional: false,
        },
      ],
    },
    operationId: 'createPlan',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreatePlanSchema }) input: CreatePlan) {
    return toPlanWire(await createPlan(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List plans',
    access: 'plans:read',
    returns: PlanListSchema,
    operationId: 'listPlans',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListPlansQuerySchema }) query: ListPlansQuery) {
    return listPlans(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a plan',
    description: 'With the prices of its current version; by its id or your external id.',
    access: 'plans:read',
    returns: PlanSchema,
    errors: [notFound],
    operationId: 'retrievePlan',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    const { id } = await requirePlan(ctx.db, idOrExternalId);
    return toPlanWire(await readPlan(ctx.db, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change or archive a plan',
    description: '`active: false` archives it: nobody new can subscribe, and who has it keeps it.',
    access: 'plans:write',
    returns: PlanSchema,
    errors: [notFound, externalIdTaken, preconditionFailed, invalidRequest],
    example: { description: 'For teams of up to twenty.', active: true },
    operationId: 'updatePlan',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdatePlanSchema }) input: UpdatePlan,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toPlanWire(await updatePlan(ctx, idOrExternalId, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a plan',
    description:
      'With its versions and their prices, when no subscription or invoice refers to them. Else archive it.',
    access: 'plans:write',
    returns: null,
    errors: [notFound, planInUse, preconditionFailed],
    operationId: 'deletePlan',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deletePlan(ctx, idOrExternalId, expected);
  }
}
