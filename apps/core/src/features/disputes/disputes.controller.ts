import { Controller, Get, Param, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { DisputeListSchema, DisputeSchema, toDisputeWire } from './dispute-wire.js';
import { listDisputes, requireDispute } from './disputes.repository.js';
import { type ListDisputesQuery, ListDisputesQuerySchema } from './disputes.schemas.js';

@Controller('disputes')
export class DisputesController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List disputes',
    description:
      'Payments that payers take back by way of their bank, as the providers tell of them. A lost dispute is told of here and by an event; invoices, balances and analytics go on counting the payment: issue a credit note if the invoice is to be owed no more.',
    access: 'payments:read',
    returns: DisputeListSchema,
    operationId: 'listDisputes',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListDisputesQuerySchema }) query: ListDisputesQuery) {
    return listDisputes(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a dispute',
    access: 'payments:read',
    returns: DisputeSchema,
    errors: [notFound],
    operationId: 'retrieveDispute',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toDisputeWire(await requireDispute(ctx.db, id));
  }
}
