import { Controller, Get, Param, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { PaymentListSchema } from './payment-wire.js';
import { listPayments } from './payments.repository.js';
import { type ListPaymentsOfCustomerQuery, ListPaymentsOfCustomerQuerySchema } from './payments.schemas.js';

@Controller('customers/:id/payments')
export class CustomerPaymentsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List a customer’s payments',
    access: 'payments:read',
    returns: PaymentListSchema,
    errors: [notFound],
    operationId: 'listCustomerPayments',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Query({ schema: ListPaymentsOfCustomerQuerySchema }) query: ListPaymentsOfCustomerQuery,
  ) {
    const customer = await requireCustomer(ctx.db, reference);
    return listPayments(ctx, this.cursors, { ...query, customer: customer.id });
  }
}
