import { Body, Controller, Get, Param, Post } from '@nestjs/common';

import { invalidRequest, notFound } from '../../../platform/errors/common-errors.js';
import { Ctx } from '../../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { couponNotRedeemable } from '../../coupons/coupons.errors.js';
import { amountTooLarge } from '../../invoices/invoices.errors.js';
import {
  itemsDoNotFit,
  notOffered,
  subscriptionCanceled,
  subscriptionNotStarted,
  subscriptionStatusConflict,
} from '../subscriptions.errors.js';
import { type CreateSubscription, CreateSubscriptionSchema } from '../subscriptions.schemas.js';
import { PreviewSubscriptionSchema, type VerbRequest } from '../verbs.schemas.js';
import { previewCreation, previewUpcoming, previewVerb } from './preview-verb.js';
import { InvoicePreviewSchema, SubscriptionPreviewSchema } from './preview-wire.js';

const OFFER_ERRORS = [notFound, notOffered, itemsDoNotFit, amountTooLarge, invalidRequest];

/** What would be: nothing is written. */
@Controller()
export class PreviewsController {
  @Post('subscriptions/:id/preview')
  @Endpoint({
    summary: 'Preview a change of a subscription',
    description:
      'What a verb would invoice and credit, now or when it would take effect, and the invoice after it. Nothing is written.',
    access: 'subscriptions:read',
    idempotency: 'ignored',
    returns: SubscriptionPreviewSchema,
    errors: [...OFFER_ERRORS, subscriptionCanceled, subscriptionNotStarted, subscriptionStatusConflict],
    example: { verb: 'change', input: { planId: 'plan_01ke4v7m2qf7ct3xv0ab9d8h6r', timing: 'immediate' } },
    operationId: 'previewSubscription',
  })
  preview(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: PreviewSubscriptionSchema }) request: VerbRequest,
  ) {
    return previewVerb(ctx, reference, request);
  }

  @Get('subscriptions/:id/upcoming-invoice')
  @Endpoint({
    summary: 'Preview a subscription’s next invoice',
    description: 'As it would be if nothing else happens, with the usage of up to now.',
    access: 'subscriptions:read',
    returns: InvoicePreviewSchema,
    errors: [notFound, amountTooLarge],
    operationId: 'previewUpcomingInvoice',
  })
  upcoming(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return previewUpcoming(ctx, reference);
  }

  @Post('subscriptions/preview')
  @Endpoint({
    summary: 'Preview a new subscription',
    description:
      'What `POST /subscriptions` with the same body would invoice at once, and the invoice after it. Nothing is written.',
    access: 'subscriptions:read',
    idempotency: 'ignored',
    returns: SubscriptionPreviewSchema,
    errors: [...OFFER_ERRORS, couponNotRedeemable],
    example: {
      customerId: 'cus_01ke4v7m2qf7ct3xv0ab9d8h6r',
      planId: 'plan_01ke4v7m2qf7ct3xv0ab9d8h6r',
    },
    operationId: 'previewNewSubscription',
  })
  creation(@Ctx() ctx: TenantContext, @Body({ schema: CreateSubscriptionSchema }) input: CreateSubscription) {
    return previewCreation(ctx, input);
  }
}
