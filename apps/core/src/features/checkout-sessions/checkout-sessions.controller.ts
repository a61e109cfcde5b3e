import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { HostedLinks } from '../hosted-pages/hosted-links.js';
import { amountTooLarge, invoiceNotOpen, paymentExceedsAmountDue } from '../invoices/invoices.errors.js';
import { CheckoutSessionListSchema, CheckoutSessionSchema } from './checkout-session-wire.js';
import { checkoutSessionNotOpen } from './checkout-sessions.errors.js';
import {
  listCheckoutSessions,
  readCheckoutSession,
  requireCheckoutSession,
} from './checkout-sessions.repository.js';
import {
  type CreateCheckoutSession,
  CreateCheckoutSessionSchema,
  type ListCheckoutSessionsQuery,
  ListCheckoutSessionsQuerySchema,
} from './checkout-sessions.schemas.js';
import { createCheckoutSession } from './create-checkout-session.js';
import { expireCheckoutSession } from './expire-checkout-sessions.js';

@Controller('checkout-sessions')
export class CheckoutSessionsController {
  constructor(
    private readonly cursors: Cursors,
    private readonly links: HostedLinks,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Create a checkout session',
    description:
      'Answers with the address of a page on which the customer pays an open invoice, or a part of it, by what your payment providers offer. Give a customer and lines instead of an invoice to have that made too. An invoice may have several sessions.',
    access: 'payments:write',
    status: 201,
    returns: CheckoutSessionSchema,
    errors: [notFound, invoiceNotOpen, paymentExceedsAmountDue, amountTooLarge, invalidRequest],
    example: {
      invoiceId: 'inv_01ke4v7m2qf7ct3xv0ab9d8h6r',
      successUrl: 'https://shop.example/thanks',
      cancelUrl: 'https://shop.example/basket',
    },
    operationId: 'createCheckoutSession',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Body({ schema: CreateCheckoutSessionSchema }) input: CreateCheckoutSession,
  ) {
    const { id } = await createCheckoutSession(ctx, input);
    return readCheckoutSession(ctx, this.links, id);
  }

  @Get()
  @Endpoint({
    summary: 'List checkout sessions',
    access: 'payments:read',
    returns: CheckoutSessionListSchema,
    operationId: 'listCheckoutSessions',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListCheckoutSessionsQuerySchema }) query: ListCheckoutSessionsQuery,
  ) {
    return listCheckoutSessions(ctx, { cursors: this.cursors, links: this.links }, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a checkout session',
    access: 'payments:read',
    returns: CheckoutSessionSchema,
    errors: [notFound],
    operationId: 'retrieveCheckoutSession',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    await requireCheckoutSession(ctx.db, id);
    return readCheckoutSession(ctx, this.links, id);
  }

  @Post(':id/expire')
  @HttpCode(200)
  @Endpoint({
    summary: 'Expire a checkout session',
    description:
      'Nobody can begin to pay on it any more. A payment that was begun before may still come, and is taken.',
    access: 'payments:write',
    returns: CheckoutSessionSchema,
    errors: [notFound, checkoutSessionNotOpen],
    operationId: 'expireCheckoutSession',
  })
  async expire(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    await expireCheckoutSession(ctx, id);
    return readCheckoutSession(ctx, this.links, id);
  }
}
