import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { answerWithPdf } from '../invoices/answer-with-pdf.js';
import { PaymentListSchema, PaymentSchema, toPaymentWire } from './payment-wire.js';
import { paymentNotSucceeded } from './payments.errors.js';
import { listPayments, requirePayment } from './payments.repository.js';
import { readReceiptPdf } from './receipt-document.js';
import { type ListPaymentsQuery, ListPaymentsQuerySchema } from './payments.schemas.js';

@Controller('payments')
export class PaymentsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List payments',
    description: 'Every attempt to collect an invoice, and money that was recorded by hand.',
    access: 'payments:read',
    returns: PaymentListSchema,
    operationId: 'listPayments',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListPaymentsQuerySchema }) query: ListPaymentsQuery) {
    return listPayments(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a payment',
    access: 'payments:read',
    returns: PaymentSchema,
    errors: [notFound],
    operationId: 'retrievePayment',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toPaymentWire(await requirePayment(ctx.db, id));
  }

  @Get(':id/receipt')
  @Endpoint({
    summary: 'Download the receipt of a payment',
    description:
      'A PDF for a payment that succeeded: what came, how and when, and what is due on its invoice now.',
    access: 'payments:read',
    returns: { contentType: 'application/pdf' },
    errors: [notFound, paymentNotSucceeded],
    operationId: 'downloadPaymentReceipt',
  })
  async receipt(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answerWithPdf(reply, await readReceiptPdf(ctx, id));
  }
}
