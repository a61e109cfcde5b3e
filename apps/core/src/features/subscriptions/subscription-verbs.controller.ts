import { Body, Controller, Param, Post } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { amountTooLarge, invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { actOnSubscription } from './act-on-subscription.js';
import { type ChangeSubscription, ChangeSubscriptionSchema } from './changes/change.schemas.js';
import { SubscriptionSchema, toSubscriptionWire } from './subscription-wire.js';
import {
  itemsDoNotFit,
  notOffered,
  subscriptionCanceled,
  subscriptionNotStarted,
  subscriptionStatusConflict,
} from './subscriptions.errors.js';
import {
  type CancelSubscription,
  CancelSubscriptionSchema,
  type PauseSubscription,
  PauseSubscriptionSchema,
} from './subscriptions.schemas.js';
import { NoInputSchema, type VerbRequest } from './verbs.schemas.js';

const MONEY_ERRORS = [amountTooLarge, invoicePaymentInFlight];
const STATUS_ERRORS = [subscriptionCanceled, subscriptionNotStarted, subscriptionStatusConflict];
const COMMON_ERRORS = [notFound, preconditionFailed, invalidRequest];

/** What is done to a subscription besides editing it. */
@Controller('subscriptions/:id')
export class SubscriptionVerbsController {
  @Post('change')
  @Endpoint({
    summary: 'Change what is subscribed to',
    description:
      'Another plan, version, price or quantity, add-ons added or removed: at once with a charge or credit for the rest of the period, when the period ends, or on a date. What is charged stands on a new invoice, what is credited on credit notes for the invoices that charged it. What was agreed on for the subscription as a whole stays: its commitment, its grace, its threshold.',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [...COMMON_ERRORS, ...STATUS_ERRORS, ...MONEY_ERRORS, notOffered, itemsDoNotFit],
    example: { planId: 'plan_01ke4v7m2qf7ct3xv0ab9d8h6r', timing: 'immediate', proration: 'lines' },
    operationId: 'changeSubscription',
  })
  change(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: ChangeSubscriptionSchema }) input: ChangeSubscription,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return act(ctx, { reference, expected }, { verb: 'change', input });
  }

  @Post('pause')
  @Endpoint({
    summary: 'Pause a subscription',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [...COMMON_ERRORS, ...STATUS_ERRORS, ...MONEY_ERRORS],
    example: { mode: 'credit' },
    operationId: 'pauseSubscription',
  })
  pause(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: PauseSubscriptionSchema }) input: PauseSubscription,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return act(ctx, { reference, expected }, { verb: 'pause', input });
  }

  @Post('resume')
  @Endpoint({
    summary: 'Resume a paused subscription',
    description: 'After a pause that credited, the rest of the period is charged.',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [...COMMON_ERRORS, ...STATUS_ERRORS, ...MONEY_ERRORS],
    example: {},
    operationId: 'resumeSubscription',
  })
  resume(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: NoInputSchema }) _: object,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return act(ctx, { reference, expected }, { verb: 'resume' });
  }

  @Post('cancel')
  @Endpoint({
    summary: 'Cancel a subscription',
    description:
      'At the end of the period that is paid for, on a date, both of which can be taken back until then (`POST …/keep`), or at once, with or without credit for the time that is not used. What was used by then is billed on a last invoice.',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [...COMMON_ERRORS, subscriptionCanceled, subscriptionNotStarted, ...MONEY_ERRORS],
    example: { timing: 'period_end', reason: 'Too expensive' },
    operationId: 'cancelSubscription',
  })
  cancel(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: CancelSubscriptionSchema }) input: CancelSubscription,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return act(ctx, { reference, expected }, { verb: 'cancel', input });
  }

  @Post('keep')
  @Endpoint({
    summary: 'Take back a cancellation that has not taken effect',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [...COMMON_ERRORS, subscriptionCanceled, subscriptionNotStarted],
    example: {},
    operationId: 'keepSubscription',
  })
  keep(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: NoInputSchema }) _: object,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return act(ctx, { reference, expected }, { verb: 'keep' });
  }

  @Post('reactivate')
  @Endpoint({
    summary: 'Reactivate a subscription that has ended',
    description:
      'With what it had, from now on, in a new cycle that is billed at once. What was paid for time after now is credited.',
    access: 'subscriptions:write',
    returns: SubscriptionSchema,
    errors: [...COMMON_ERRORS, subscriptionStatusConflict, ...MONEY_ERRORS],
    example: {},
    operationId: 'reactivateSubscription',
  })
  reactivate(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: NoInputSchema }) _: object,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return act(ctx, { reference, expected }, { verb: 'reactivate' });
  }
}

async function act(
  ctx: TenantContext,
  on: { reference: string; expected: ExpectedVersions },
  request: VerbRequest,
) {
  return toSubscriptionWire(await actOnSubscription(ctx, on, request));
}
