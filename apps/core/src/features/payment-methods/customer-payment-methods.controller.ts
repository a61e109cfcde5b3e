import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { attachPaymentMethod } from './attach-payment-method.js';
import { PaymentMethodListSchema, PaymentMethodSchema, toPaymentMethodWire } from './payment-method-wire.js';
import { providerNotConfigured, providerNotUnattended } from './payment-methods.errors.js';
import { listPaymentMethods } from './payment-methods.repository.js';
import {
  type AttachPaymentMethod,
  AttachPaymentMethodSchema,
  type ListPaymentMethodsQuery,
  ListPaymentMethodsQuerySchema,
} from './payment-methods.schemas.js';
import { SANDBOX_TOKEN_LIST } from './sandbox-token-list.js';

@Controller('customers/:id/payment-methods')
export class CustomerPaymentMethodsController {
  constructor(
    private readonly cursors: Cursors,
    private readonly providers: PaymentProviders,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Attach a payment method to a customer',
    description: `The first one becomes the default. Cards that customers pay with are kept by themselves when they agree to it; this is for methods that were saved at a provider before. Test mode takes the tokens of the sandbox too:\n\n${SANDBOX_TOKEN_LIST}`,
    access: 'customers:write',
    status: 201,
    returns: PaymentMethodSchema,
    errors: [notFound, providerNotConfigured, providerNotUnattended, invalidRequest],
    example: { token: 'pm_sandbox_success' },
    operationId: 'attachPaymentMethod',
  })
  async attach(
    @Ctx() ctx: TenantContext,
    @Param('id') customerReference: string,
    @Body({ schema: AttachPaymentMethodSchema }) input: AttachPaymentMethod,
  ) {
    const method = await attachPaymentMethod(ctx, this.providers, { customer: customerReference, input });
    return toPaymentMethodWire(method);
  }

  @Get()
  @Endpoint({
    summary: 'List a customer’s payment methods',
    access: 'customers:read',
    returns: PaymentMethodListSchema,
    errors: [notFound],
    operationId: 'listCustomerPaymentMethods',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') customerReference: string,
    @Query({ schema: ListPaymentMethodsQuerySchema }) query: ListPaymentMethodsQuery,
  ) {
    const customer = await requireCustomer(ctx.db, customerReference);
    return listPaymentMethods(ctx, this.cursors, customer.id, query);
  }
}
