import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { KeyedOperation, type Operation } from '../idempotency/operation.js';
import {
  invoiceNotOpen,
  invoicePaymentInFlight,
  paymentExceedsAmountDue,
} from '../invoices/invoices.errors.js';
import { type PayInvoice, PayInvoiceSchema } from '../invoices/invoices.schemas.js';
import { collectNow } from './collect-invoice.js';
import { PaymentSchema, toPaymentWire } from './payment-wire.js';
import { noPaymentMethod } from './payments.errors.js';
import { PaymentProviders } from './providers/payment-providers.js';

/** Stands with payments, which know invoices, so that invoices need not know payments. */
@Controller('invoices/:id/pay')
export class PayInvoiceController {
  constructor(private readonly providers: PaymentProviders) {}

  @Post()
  @HttpCode(200)
  @Endpoint({
    summary: 'Charge an open invoice now',
    description:
      'Charges what is still due, or a part of it, and answers with the payment however it ended: one that was declined has the status `failed`.',
    access: 'payments:write',
    // The attempt has to be on record before the provider is asked.
    idempotency: 'resumable',
    returns: PaymentSchema,
    errors: [
      notFound,
      invoiceNotOpen,
      invoicePaymentInFlight,
      noPaymentMethod,
      paymentExceedsAmountDue,
      invalidRequest,
    ],
    example: {},
    operationId: 'payInvoice',
  })
  async pay(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: PayInvoiceSchema }) { paymentMethodId, amount }: PayInvoice,
    @KeyedOperation() operation: Operation,
  ) {
    const paymentId = await operation.decide(() => newId('pay'));
    const payment = await collectNow(ctx, this.providers, {
      invoice: reference,
      paymentId,
      paymentMethodId,
      amount: amount === undefined ? undefined : BigInt(amount),
    });
    return toPaymentWire(payment);
  }
}
