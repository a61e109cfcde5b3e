import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { subscriptionCanceled } from '../subscriptions/subscriptions.errors.js';
import { couponAlreadyApplied, couponNotRedeemable } from './coupons.errors.js';
import { DiscountListSchema, DiscountSchema, toDiscountWire } from './discount-wire.js';
import { listDiscounts } from './discounts.repository.js';
import {
  type AttachDiscountInput,
  AttachDiscountSchema,
  type ListDiscountsQuery,
  ListDiscountsQuerySchema,
} from './discounts.schemas.js';
import { giveDiscount } from './give-discount.js';
import { removeDiscount } from './remove-discount.js';

@Controller('customers/:id/discounts')
export class CustomerDiscountsController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Give a coupon to a customer',
    description:
      'For all that its subscriptions are billed from now on, or only for one of them. By the coupon’s id or by its code.',
    access: 'subscriptions:write',
    status: 201,
    returns: DiscountSchema,
    errors: [notFound, couponNotRedeemable, couponAlreadyApplied, subscriptionCanceled, invalidRequest],
    example: { couponCode: 'HALF3' },
    operationId: 'attachDiscount',
  })
  async attach(
    @Ctx() ctx: TenantContext,
    @Param('id') customer: string,
    @Body({ schema: AttachDiscountSchema }) input: AttachDiscountInput,
  ) {
    return toDiscountWire(await giveDiscount(ctx, customer, input));
  }

  @Get()
  @Endpoint({
    summary: 'List a customer’s discounts',
    description: 'Its own and those of its subscriptions, also those that are used up or were taken away.',
    access: 'subscriptions:read',
    returns: DiscountListSchema,
    errors: [notFound],
    operationId: 'listCustomerDiscounts',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Query({ schema: ListDiscountsQuerySchema }) query: ListDiscountsQuery,
  ) {
    const { id } = await requireCustomer(ctx.db, reference);
    return listDiscounts(ctx, this.cursors, id, query);
  }

  @Delete(':discountId')
  @Endpoint({
    summary: 'Take a coupon away from a customer',
    description: 'From the next invoice on; what it took off stays off. It still counts as redeemed.',
    access: 'subscriptions:write',
    returns: null,
    errors: [notFound],
    operationId: 'removeDiscount',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') customer: string,
    @Param('discountId') discountId: string,
  ) {
    await removeDiscount(ctx, customer, discountId);
  }
}
