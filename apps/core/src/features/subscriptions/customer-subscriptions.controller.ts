import { Controller, Get, Param, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { SubscriptionListSchema } from './subscription-wire.js';
import { listSubscriptions } from './subscriptions.repository.js';
import {
  type ListSubscriptionsOfCustomerQuery,
  ListSubscriptionsOfCustomerQuerySchema,
} from './subscriptions.schemas.js';

@Controller('customers/:id/subscriptions')
export class CustomerSubscriptionsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List a customer’s subscriptions',
    access: 'subscriptions:read',
    returns: SubscriptionListSchema,
    errors: [notFound],
    operationId: 'listCustomerSubscriptions',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Query({ schema: ListSubscriptionsOfCustomerQuerySchema }) query: ListSubscriptionsOfCustomerQuery,
  ) {
    const customer = await requireCustomer(ctx.db, reference);
    return listSubscriptions(ctx, this.cursors, { ...query, customer: customer.id });
  }
}
