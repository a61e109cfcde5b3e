import { Body, Controller, Param, Post } from '@nestjs/common';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { refundExceedsPayments } from '../credit-notes/credit-notes.errors.js';
import { refundPayment } from './refund-payment.js';
import { RefundSchema, toRefundWire } from './refund-wire.js';
import { paymentNotRefundable } from './refunds.errors.js';
import { type RefundPayment, RefundPaymentSchema } from './refunds.schemas.js';

@Controller('payments/:id/refunds')
export class PaymentRefundsController {
  @Post()
  @Endpoint({
    summary: 'Refund a payment without a credit note',
    description:
      'For money that settled nothing, or that is on the customer’s balance still, because it was more than was due or a credit note put it there: it is taken off it. To take back a part of an invoice, issue a credit note to `refund`.',
    access: 'payments:write',
    status: 201,
    returns: RefundSchema,
    errors: [notFound, paymentNotRefundable, refundExceedsPayments],
    example: { amount: 150000, note: 'The customer asked for the money.' },
    operationId: 'refundPayment',
  })
  async refund(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: RefundPaymentSchema }) input: RefundPayment,
  ) {
    return toRefundWire(await refundPayment(ctx, id, input));
  }
}
