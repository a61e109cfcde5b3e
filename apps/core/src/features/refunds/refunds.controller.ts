import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { RefundListSchema, RefundSchema, toRefundWire } from './refund-wire.js';
import { refundNotManual, refundNotRetryable } from './refunds.errors.js';
import { listRefunds, requireRefund } from './refunds.repository.js';
import {
  type ListRefundsQuery,
  ListRefundsQuerySchema,
  type MarkRefundPaid,
  MarkRefundPaidSchema,
  type RetryRefund,
  RetryRefundSchema,
} from './refunds.schemas.js';
import { markRefundPaid, retryRefund } from './settle-refund.js';

@Controller('refunds')
export class RefundsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List refunds',
    description: 'Money that goes back to customers: of a payment, an invoice, a credit note or a customer.',
    access: 'payments:read',
    returns: RefundListSchema,
    operationId: 'listRefunds',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListRefundsQuerySchema }) query: ListRefundsQuery) {
    return listRefunds(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a refund',
    access: 'payments:read',
    returns: RefundSchema,
    errors: [notFound],
    operationId: 'retrieveRefund',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toRefundWire(await requireRefund(ctx.db, id));
  }

  @Post(':id/mark-paid')
  @HttpCode(200)
  @Endpoint({
    summary: 'Mark a manual refund as paid',
    description: 'Says that the money has been paid back outside the platform.',
    access: 'payments:write',
    returns: RefundSchema,
    errors: [notFound, refundNotManual],
    example: { note: 'Bank transfer of 14 March, reference 8814' },
    operationId: 'markRefundPaid',
  })
  async markPaid(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: MarkRefundPaidSchema }) input: MarkRefundPaid,
  ) {
    return toRefundWire(await markRefundPaid(ctx, id, input));
  }

  @Post(':id/retry')
  @Endpoint({
    summary: 'Try a refund again that failed',
    description: 'By the same provider, or by hand. Answers with the new refund.',
    access: 'payments:write',
    status: 201,
    returns: RefundSchema,
    errors: [notFound, refundNotRetryable],
    example: { by: 'hand' },
    operationId: 'retryRefund',
  })
  async retry(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: RetryRefundSchema }) input: RetryRefund,
  ) {
    return toRefundWire(await retryRefund(ctx, id, input));
  }
}
