import { Controller, Delete, Get, Param, Post } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { detachPaymentMethod } from './detach-payment-method.js';
import { makeDefault } from './make-default.js';
import { PaymentMethodSchema, toPaymentMethodWire } from './payment-method-wire.js';
import { requirePaymentMethod } from './payment-methods.repository.js';

@Controller('payment-methods/:id')
export class PaymentMethodsController {
  @Get()
  @Endpoint({
    summary: 'Retrieve a payment method',
    access: 'customers:read',
    returns: PaymentMethodSchema,
    errors: [notFound],
    operationId: 'retrievePaymentMethod',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toPaymentMethodWire(await requirePaymentMethod(ctx.db, id));
  }

  @Post('default')
  @Endpoint({
    summary: 'Make a payment method the default',
    description: 'The customer’s invoices that are charged automatically are charged to it from now on.',
    access: 'customers:write',
    returns: PaymentMethodSchema,
    errors: [notFound],
    operationId: 'makePaymentMethodDefault',
  })
  async makeDefault(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toPaymentMethodWire(await makeDefault(ctx, id));
  }

  @Delete()
  @Endpoint({
    summary: 'Detach a payment method',
    description:
      'It is never charged again. When it was the default, the newest of the customer’s others takes its place.',
    access: 'customers:write',
    returns: null,
    errors: [notFound],
    operationId: 'detachPaymentMethod',
  })
  async detach(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    await detachPaymentMethod(ctx, id);
  }
}
