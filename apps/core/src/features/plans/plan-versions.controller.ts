import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { planFull } from './plans.errors.js';
import { requirePlan } from './plans.repository.js';
import {
  type ListVersionsQuery,
  ListVersionsQuerySchema,
  type PublishVersion,
  PublishVersionSchema,
} from './plans.schemas.js';
import { publishVersion } from './publish-version.js';
import { PlanVersionListSchema, PlanVersionSchema, toVersionWire } from './version-wire.js';
import { listVersions } from './versions.repository.js';

@Controller('plans/:id/versions')
export class PlanVersionsController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Publish a new version of a plan',
    description:
      'New subscriptions get it; those there are keep what they have until they are changed. What is left out is taken over from the present version: its offered prices under new ids, its commitments, its trial days, what it grants of features.',
    access: 'plans:write',
    status: 201,
    returns: PlanVersionSchema,
    errors: [notFound, externalIdTaken, planFull, invalidRequest],
    example: {
      description: 'Prices of 2027.',
      prices: [
        {
          name: 'Base',
          currency: 'NGN',
          model: 'flat',
          type: 'recurring',
          unitAmount: '1800000',
          interval: 'month',
        },
      ],
      commitments: [{ currency: 'NGN', amount: 2000000 }],
      trialDays: 14,
    },
    operationId: 'publishPlanVersion',
  })
  async publish(
    @Ctx() ctx: TenantContext,
    @Param('id') plan: string,
    @Body({ schema: PublishVersionSchema }) input: PublishVersion,
  ) {
    return toVersionWire(await publishVersion(ctx, plan, input));
  }

  @Get()
  @Endpoint({
    summary: 'List a plan’s versions',
    description: 'With their prices.',
    access: 'plans:read',
    returns: PlanVersionListSchema,
    errors: [notFound],
    operationId: 'listPlanVersions',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Query({ schema: ListVersionsQuerySchema }) query: ListVersionsQuery,
  ) {
    const plan = await requirePlan(ctx.db, idOrExternalId);
    return listVersions(ctx, this.cursors, plan, query);
  }
}
