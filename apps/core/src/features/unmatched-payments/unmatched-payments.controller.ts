import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';

import { notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { amountTooLarge, invoiceNotOpen } from '../invoices/invoices.errors.js';
import { applyUnmatched } from './apply-unmatched.js';
import { creditUnmatched } from './credit-unmatched.js';
import { dismissUnmatched } from './dismiss-unmatched.js';
import { returnUnmatched } from './return-unmatched.js';
import {
  toUnmatchedPaymentWire,
  UnmatchedPaymentListSchema,
  UnmatchedPaymentSchema,
} from './unmatched-payment-wire.js';
import {
  unmatchedPaymentCurrency,
  unmatchedPaymentNotApplicable,
  unmatchedPaymentResolved,
} from './unmatched-payments.errors.js';
import { listUnmatched, requireUnmatched } from './unmatched-payments.repository.js';
import {
  type ApplyUnmatchedPayment,
  ApplyUnmatchedPaymentSchema,
  type DismissUnmatchedPayment,
  DismissUnmatchedPaymentSchema,
  type ListUnmatchedPaymentsQuery,
  ListUnmatchedPaymentsQuerySchema,
  type ReturnUnmatchedPayment,
  ReturnUnmatchedPaymentSchema,
} from './unmatched-payments.schemas.js';

const REFUSALS = [notFound, preconditionFailed, unmatchedPaymentResolved];
const NOT_THERE = [unmatchedPaymentCurrency, unmatchedPaymentNotApplicable, amountTooLarge];

@Controller('unmatched-payments')
export class UnmatchedPaymentsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List unmatched payments',
    description:
      'Money that came and could not be matched with an invoice by itself: nothing is given for it until you say what becomes of it.',
    access: 'payments:read',
    returns: UnmatchedPaymentListSchema,
    operationId: 'listUnmatchedPayments',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListUnmatchedPaymentsQuerySchema }) query: ListUnmatchedPaymentsQuery,
  ) {
    return listUnmatched(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve an unmatched payment',
    access: 'payments:read',
    returns: UnmatchedPaymentSchema,
    errors: [notFound],
    operationId: 'retrieveUnmatchedPayment',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toUnmatchedPaymentWire(await requireUnmatched(ctx.db, id));
  }

  @Post(':id/apply')
  @HttpCode(200)
  @Endpoint({
    summary: 'Apply an unmatched payment to an invoice',
    description:
      'It becomes a payment of the invoice. Less than is due pays a part; what is more goes to the customer’s balance. Money in another currency is refused.',
    access: 'payments:write',
    returns: UnmatchedPaymentSchema,
    errors: [...REFUSALS, invoiceNotOpen, ...NOT_THERE],
    example: { invoiceId: 'INV-2026-000042' },
    operationId: 'applyUnmatchedPayment',
  })
  async apply(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: ApplyUnmatchedPaymentSchema }) { invoiceId }: ApplyUnmatchedPayment,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toUnmatchedPaymentWire(await applyUnmatched(ctx, id, { invoiceId, expected }));
  }

  @Post(':id/credit')
  @HttpCode(200)
  @Endpoint({
    summary: 'Put an unmatched payment on the customer’s balance',
    description: 'Of the customer whose invoice it came for; the next invoices take it.',
    access: 'payments:write',
    returns: UnmatchedPaymentSchema,
    errors: [...REFUSALS, ...NOT_THERE],
    operationId: 'creditUnmatchedPayment',
  })
  async credit(@Ctx() ctx: TenantContext, @Param('id') id: string, @IfMatch() expected: ExpectedVersions) {
    return toUnmatchedPaymentWire(await creditUnmatched(ctx, id, expected));
  }

  @Post(':id/return')
  @HttpCode(200)
  @Endpoint({
    summary: 'Return an unmatched payment',
    description:
      'Sends the money back through its provider, or notes that somebody does so by hand. `resolution` names the refund; should it fail, the unmatched payment is open again.',
    access: 'payments:write',
    returns: UnmatchedPaymentSchema,
    errors: REFUSALS,
    example: { by: 'provider', note: 'Paid twice.' },
    operationId: 'returnUnmatchedPayment',
  })
  async return(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: ReturnUnmatchedPaymentSchema }) input: ReturnUnmatchedPayment,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toUnmatchedPaymentWire(await returnUnmatched(ctx, id, { ...input, expected }));
  }

  @Post(':id/dismiss')
  @HttpCode(200)
  @Endpoint({
    summary: 'Dismiss an unmatched payment',
    description: 'Says that nothing is to be done about it: it is another business’s, for example.',
    access: 'payments:write',
    returns: UnmatchedPaymentSchema,
    errors: REFUSALS,
    example: { reason: 'A sale of the shop, which is paid to the same account.' },
    operationId: 'dismissUnmatchedPayment',
  })
  async dismiss(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: DismissUnmatchedPaymentSchema }) input: DismissUnmatchedPayment,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toUnmatchedPaymentWire(await dismissUnmatched(ctx, id, { ...input, expected }));
  }
}
