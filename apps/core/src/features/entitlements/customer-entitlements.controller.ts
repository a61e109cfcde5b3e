import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { EntitlementListSchema, toEntitlementWire } from './entitlements.schemas.js';
import {
  deleteFeatureOverride,
  FeatureOverrideSchema,
  type SetFeatureOverride,
  SetFeatureOverrideSchema,
  setFeatureOverride,
  toFeatureOverrideWire,
} from './feature-overrides.js';
import { readHoldings } from './read-holdings.js';

@Controller('customers/:id')
export class CustomerEntitlementsController {
  @Get('entitlements')
  @Endpoint({
    summary: 'List a customer’s entitlements',
    description:
      'All features, on one page: what its active and trialing subscriptions grant with their add-ons, added up, or ' +
      'what an override says instead; how much of it is used, and when it starts anew.',
    access: 'entitlements:read',
    returns: EntitlementListSchema,
    errors: [notFound],
    operationId: 'listCustomerEntitlements',
  })
  async list(@Ctx() ctx: TenantContext, @Param('id') customer: string) {
    const holdings = await readHoldings(ctx, customer, 'all');
    return { object: 'list', data: holdings.map(toEntitlementWire), hasMore: false, nextCursor: null };
  }

  @Put('feature-overrides/:feature')
  @Endpoint({
    summary: 'Override a feature for a customer',
    description: 'What this customer has of it, whatever its plans say.',
    access: 'entitlements:write',
    returns: FeatureOverrideSchema,
    errors: [notFound, invalidRequest],
    example: { amount: '5000', expiresAt: '2027-12-31T23:00:00Z' },
    operationId: 'setFeatureOverride',
  })
  async set(
    @Ctx() ctx: TenantContext,
    @Param('id') customer: string,
    @Param('feature') feature: string,
    @Body({ schema: SetFeatureOverrideSchema }) input: SetFeatureOverride,
  ) {
    return toFeatureOverrideWire(await setFeatureOverride(ctx, { customer, feature }, input));
  }

  @Delete('feature-overrides/:feature')
  @Endpoint({
    summary: 'Remove a feature override',
    description: 'What the customer’s plans say counts again.',
    access: 'entitlements:write',
    returns: null,
    errors: [notFound],
    operationId: 'deleteFeatureOverride',
  })
  async remove(@Ctx() ctx: TenantContext, @Param('id') customer: string, @Param('feature') feature: string) {
    await deleteFeatureOverride(ctx, { customer, feature });
  }
}
