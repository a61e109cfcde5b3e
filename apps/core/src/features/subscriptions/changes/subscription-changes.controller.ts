import { Controller, Delete, Get, Param, Query } from '@nestjs/common';

import { notFound } from '../../../platform/errors/common-errors.js';
import { Ctx } from '../../../platform/http/ctx.decorator.js';
import { Cursors } from '../../../platform/http/cursors.js';
import { Endpoint } from '../../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { changeNotScheduled } from '../subscriptions.errors.js';
import { requireSubscription } from '../subscriptions.repository.js';
import {
  type ListChangesQuery,
  ListChangesQuerySchema,
  SubscriptionChangeListSchema,
} from './change.schemas.js';
import { cancelChange, listChanges } from './changes.repository.js';

@Controller('subscriptions/:id/changes')
export class SubscriptionChangesController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List a subscription’s changes',
    description: 'Its history, with the invoices and credit notes of each, and what is scheduled.',
    access: 'subscriptions:read',
    returns: SubscriptionChangeListSchema,
    errors: [notFound],
    operationId: 'listSubscriptionChanges',
  })
  async list(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Query({ schema: ListChangesQuerySchema }) query: ListChangesQuery,
  ) {
    const { id } = await requireSubscription(ctx.db, reference);
    return listChanges(ctx, this.cursors, { subscriptionId: id, query });
  }

  @Delete(':changeId')
  @Endpoint({
    summary: 'Take back a scheduled change',
    access: 'subscriptions:write',
    returns: null,
    errors: [notFound, changeNotScheduled],
    operationId: 'cancelSubscriptionChange',
  })
  async cancel(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Param('changeId') changeId: string,
  ) {
    await cancelChange(ctx, reference, changeId);
  }
}
