import { Controller, Get, Query } from '@nestjs/common';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type AnalyticsQuery, AnalyticsQuerySchema } from './analytics.schemas.js';
import { readCustomers } from './customers.js';
import { CustomerAnalyticsSchema } from './customers.schemas.js';
import { readRevenue } from './revenue.js';
import { RevenueSchema } from './revenue.schemas.js';
import { readSubscriptions } from './subscriptions.js';
import { SubscriptionAnalyticsSchema } from './subscriptions.schemas.js';

const SubscriptionsQuerySchema = AnalyticsQuerySchema.omit({ currency: true });
const CustomersQuerySchema = AnalyticsQuerySchema.omit({ groupBy: true });

@Controller('analytics')
export class AnalyticsController {
  @Get('revenue')
  @Endpoint({
    summary: 'Analyse revenue',
    description:
      'What was billed, collected, refunded and is outstanding, and how the recurring revenue moved, for each currency.',
    access: 'analytics:read',
    returns: RevenueSchema,
    errors: [invalidRequest],
    operationId: 'analyseRevenue',
  })
  revenue(@Ctx() ctx: TenantContext, @Query({ schema: AnalyticsQuerySchema }) query: AnalyticsQuery) {
    return readRevenue(ctx, query);
  }

  @Get('subscriptions')
  @Endpoint({
    summary: 'Analyse subscriptions',
    description:
      'How many there are, began, were converted from trials and ended, and what is left of each month’s.',
    access: 'analytics:read',
    returns: SubscriptionAnalyticsSchema,
    errors: [invalidRequest],
    operationId: 'analyseSubscriptions',
  })
  subscriptions(
    @Ctx() ctx: TenantContext,
    @Query({ schema: SubscriptionsQuerySchema }) query: Omit<AnalyticsQuery, 'currency'>,
  ) {
    return readSubscriptions(ctx, query);
  }

  @Get('customers')
  @Endpoint({
    summary: 'Analyse customers',
    description: 'Who pays, what a customer brings on average and over its life, and how old debts are.',
    access: 'analytics:read',
    returns: CustomerAnalyticsSchema,
    errors: [invalidRequest],
    operationId: 'analyseCustomers',
  })
  customers(
    @Ctx() ctx: TenantContext,
    @Query({ schema: CustomersQuerySchema }) query: Omit<AnalyticsQuery, 'groupBy'>,
  ) {
    return readCustomers(ctx, query);
  }
}
