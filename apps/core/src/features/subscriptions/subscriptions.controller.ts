import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { couponAlreadyApplied, couponNotRedeemable } from '../coupons/coupons.errors.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';
import { createSubscription } from './create-subscription.js';
import { SubscriptionListSchema, SubscriptionSchema, toSubscriptionWire } from './subscription-wire.js';
import {
  itemsDoNotFit,
  notOffered,
  subscriptionCanceled,
  subscriptionNotStarted,
  subscriptionStatusConflict,
} from './subscriptions.errors.js';
import { listSubscriptions, readSubscription, requireSubscription } from './subscriptions.repository.js';
import {
  type CreateSubscription,
  CreateSubscriptionSchema,
  type ListSubscriptionsQuery,
  ListSubscriptionsQuerySchema,
  type UpdateSubscription,
  UpdateSubscriptionSchema,
} from './subscriptions.schemas.js';
import { updateSubscription } from './update-subscription.js';

@Controller('subscriptions')
export class SubscriptionsController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Subscribe a customer to a plan',
    description:
      'Bills the first period at once, in advance: `latestInvoiceId` names its invoice. With a later `startAt` it is `scheduled` and billed when it starts, with a trial when that ends. Periods are counted from the day of the start, or of the trial’s end: one that starts on 31 January renews on 28 February and on 31 March.',
    access: 'subscriptions:write',
    status: 201,
    returns: SubscriptionSchema,
    errors: [
      notFound,
      notOffered,
      itemsDoNotFit,
      couponNotRedeemable,
      couponAlreadyApplied,
      externalIdTaken,
      amountTooLarge,
      invalidRequest,
    ],
    example: {
      customerId: 'cus_01ke4v7m2qf7ct3xv0ab9d8h6r',
      planId: 'plan_01ke4v7m2qf7ct3xv0ab9d8h6r',
      items: [{ priceId: 'price_01ke4v7m2qf7ct3xv0ab9d8h6r', quantity: '5' }],
    },
    operationId: 'createSubscription',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Body({ schema: CreateSubscriptionSchema }) input: CreateSubscription,
  ) {
    return toSubscriptionWire(await createSubscription(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List subscriptions',
    access: 'subscriptions:read',
    returns: SubscriptionListSchema,
    operationId: 'listSubscriptions',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListSubscriptionsQuerySchema }) query: ListSubscriptionsQuery,
  ) {
    return listSubscriptions(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a subscription',
    access: 'subscriptions:read',
    returns: SubscriptionSchema,
    errors: [notFound],
    operationId: 'retrieveSubscription',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') idOrExternalId: string) {
    const { id } = await requireSubscription(ctx.db, idOrExternalId);
    return toSubscriptionWire(await readSubscription(ctx.db, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a subscription',
    description: 'How it is collected, from the next invoice on. Of one that has ended only the metadata.',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [
      notFound,
      subscriptionCanceled,
      subscriptionNotStarted,
      subscriptionStatusConflict,
      preconditionFailed,
      invalidRequest,
    ],
    example: { collectionMethod: 'send_invoice', netTermsDays: 30 },
    operationId: 'updateSubscription',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') idOrExternalId: string,
    @Body({ schema: UpdateSubscriptionSchema }) input: UpdateSubscription,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toSubscriptionWire(await updateSubscription(ctx, idOrExternalId, input, expected));
  }
}
