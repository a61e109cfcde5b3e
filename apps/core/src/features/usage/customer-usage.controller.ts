import { Controller, Get, Param } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readCustomerUsage } from './customer-usage.js';
import { CustomerUsageSchema } from './usage-queries.schemas.js';

@Controller('customers/:id/usage')
export class CustomerUsageController {
  @Get()
  @Endpoint({
    summary: 'Retrieve a customer’s current usage',
    description: 'By each active meter, in the period that will be billed next.',
    access: 'usage:read',
    returns: CustomerUsageSchema,
    errors: [notFound],
    operationId: 'retrieveCustomerUsage',
  })
  retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    return readCustomerUsage(ctx, idOrExternalId);
  }
}
