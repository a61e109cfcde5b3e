import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { featureArchived } from './features.errors.js';
import { readPlanFeatures, replacePlanFeatures } from './plan-features.js';
import {
  type PlanFeaturesQuery,
  PlanFeaturesQuerySchema,
  PlanFeaturesSchema,
  type ReplacePlanFeatures,
  ReplacePlanFeaturesSchema,
  toPlanFeaturesWire,
} from './plan-features.schemas.js';

@Controller('plans/:id/features')
export class PlanFeaturesController {
  @Get()
  @Endpoint({
    summary: 'Read what a plan grants',
    access: 'plans:read',
    returns: PlanFeaturesSchema,
    errors: [notFound],
    operationId: 'retrievePlanFeatures',
  })
  async read(
    @Ctx() ctx: TenantContext,
    @Param('id') plan: string,
    @Query({ schema: PlanFeaturesQuerySchema }) { version }: PlanFeaturesQuery,
  ) {
    return toPlanFeaturesWire(await readPlanFeatures(ctx.db, plan, version === 0 ? null : version));
  }

  @Put()
  @Endpoint({
    summary: 'Replace what a plan grants',
    description:
      'Of its present version, for everybody who has that version, at once. A new version of the plan begins with what ' +
      'the one before it grants. Limits and quotas of several plans of a customer add up, each as often as it is taken.',
    access: 'plans:write',
    returns: PlanFeaturesSchema,
    errors: [notFound, featureArchived, preconditionFailed, invalidRequest],
    example: {
      features: [
        { feature: 'export_pdf' },
        { feature: 'seats', amount: '5' },
        { feature: 'sms_credits', amount: '1000', reset: 'month' },
      ],
    },
    operationId: 'replacePlanFeatures',
  })
  async replace(
    @Ctx() ctx: TenantContext,
    @Param('id') plan: string,
    @Body({ schema: ReplacePlanFeaturesSchema }) input: ReplacePlanFeatures,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toPlanFeaturesWire(await replacePlanFeatures(ctx, plan, input, expected));
  }
}
