import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { CouponListSchema, CouponSchema, toCouponWire } from './coupon-wire.js';
import { couponCodeTaken, couponInUse } from './coupons.errors.js';
import { listCoupons, requireCoupon } from './coupons.repository.js';
import {
  type CreateCoupon,
  CreateCouponSchema,
  type ListCouponsQuery,
  ListCouponsQuerySchema,
  type UpdateCoupon,
  UpdateCouponSchema,
} from './coupons.schemas.js';
import { createCoupon } from './create-coupon.js';
import { deleteCoupon } from './delete-coupon.js';
import { updateCoupon } from './update-coupon.js';

@Controller('coupons')
export class CouponsController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a coupon',
    description:
      'Taken off before tax. Percentages go before fixed amounts, each in the order in which they were attached, and never more than there is.',
    access: 'coupons:write',
    status: 201,
    returns: CouponSchema,
    errors: [notFound, couponCodeTaken, externalIdTaken, invalidRequest],
    example: {
      name: 'Three months at half price',
      code: 'HALF3',
      kind: 'percentage',
      percentOff: '50',
      duration: 'repeating',
      periods: 3,
      maxRedemptions: 100,
    },
    operationId: 'createCoupon',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateCouponSchema }) input: CreateCoupon) {
    return toCouponWire(await createCoupon(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List coupons',
    access: 'coupons:read',
    returns: CouponListSchema,
    operationId: 'listCoupons',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListCouponsQuerySchema }) query: ListCouponsQuery) {
    return listCoupons(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a coupon',
    description: 'By its id or your external id.',
    access: 'coupons:read',
    returns: CouponSchema,
    errors: [notFound],
    operationId: 'retrieveCoupon',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    return toCouponWire(await requireCoupon(ctx.db, idOrExternalId));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change or archive a coupon',
    description:
      'Its names, and who may still get it. What it gives stays what it was; `active: false` gives it to nobody new.',
    access: 'coupons:write',
    returns: CouponSchema,
    errors: [notFound, couponCodeTaken, externalIdTaken, preconditionFailed, invalidRequest],
    example: { maxRedemptions: 200, active: true },
    operationId: 'updateCoupon',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdateCouponSchema }) input: UpdateCoupon,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toCouponWire(await updateCoupon(ctx, idOrExternalId, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a coupon',
    description: 'One that nobody was ever given. Else archive it.',
    access: 'coupons:write',
    returns: null,
    errors: [notFound, couponInUse, preconditionFailed],
    operationId: 'deleteCoupon',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deleteCoupon(ctx, idOrExternalId, expected);
  }
}
