import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createPrice } from './create-price.js';
import { planFull } from './plans.errors.js';
import { requirePlan } from './plans.repository.js';
import { PriceListSchema, PriceSchema, toPriceWire } from './price-wire.js';
import { listPrices, requirePrice } from './prices.repository.js';
import {
  type CreatePrice,
  CreatePriceSchema,
  type ListPricesQuery,
  ListPricesQuerySchema,
  type UpdatePrice,
  UpdatePriceSchema,
} from './prices.schemas.js';
import { updatePrice } from './update-price.js';

@Controller('plans/:id/prices')
export class PricesController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Add a price to a plan',
    description:
      'To its current version. What a price charges never changes: to charge something else, add a price and archive the old one, or publish a new version of the plan. A `usage` price bills what a meter counted.',
    access: 'plans:write',
    status: 201,
    returns: PriceSchema,
    errors: [notFound, externalIdTaken, planFull, invalidRequest],
    example: {
      externalId: 'team-seats',
      name: 'Seats',
      currency: 'NGN',
      model: 'graduated',
      type: 'recurring',
      terms: {
        tiers: [
          { upTo: '10', unitAmount: '250000' },
          { upTo: null, unitAmount: '200000' },
        ],
      },
      interval: 'month',
      intervalCount: 1,
      unit: 'seat',
    },
    operationId: 'createPrice',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Param('id') plan: string,
    @Body({ schema: CreatePriceSchema }) input: CreatePrice,
  ) {
    return toPriceWire(await createPrice(ctx, plan, input));
  }

  @Get()
  @Endpoint({
    summary: 'List a plan’s prices',
    access: 'plans:read',
    returns: PriceListSchema,
    errors: [notFound],
    operationId: 'listPrices',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') plan: string,
    @Query({ schema: ListPricesQuerySchema }) query: ListPricesQuery,
  ) {
    const { id } = await requirePlan(ctx.db, plan);
    return listPrices(ctx, this.cursors, id, query);
  }

  @Get(':priceId')
  @Endpoint({
    summary: 'Retrieve a price',
    access: 'plans:read',
    returns: PriceSchema,
    errors: [notFound],
    operationId: 'retrievePrice',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') plan: string, @Param('priceId') price: string) {
    return toPriceWire(await requirePrice(ctx.db, { plan, price }));
  }

  @Patch(':priceId')
  @Endpoint({
    summary: 'Change or archive a price',
    description: 'Its name, its metadata and whether it is offered. Subscriptions that have it keep it.',
    access: 'plans:write',
    returns: PriceSchema,
    errors: [notFound, preconditionFailed, invalidRequest],
    example: { name: 'Base', active: false },
    operationId: 'updatePrice',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') plan: string,
    @Param('priceId') price: string,
    @Body({ schema: UpdatePriceSchema }) input: UpdatePrice,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toPriceWire(await updatePrice(ctx, { plan, price }, input, expected));
  }
}
