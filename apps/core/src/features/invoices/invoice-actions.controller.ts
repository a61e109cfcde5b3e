import { Body, Controller, Param, Post } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { HostedLinks } from '../hosted-pages/hosted-links.js';
import { finalizeInvoice } from './finalize-invoice.js';
import { InvoiceSchema, type InvoiceWithLines, toInvoiceWire } from './invoice-wire.js';
import {
  customerHasNoEmail,
  invoiceHasNoLines,
  invoiceNotDraft,
  invoiceNotOpen,
  invoiceNotSendable,
  invoiceNotVoidable,
  invoicePaymentInFlight,
  paymentExceedsAmountDue,
} from './invoices.errors.js';
import { InvoiceEmailSchema, type MarkPaid, MarkPaidSchema, toInvoiceEmailWire } from './invoices.schemas.js';
import { markInvoicePaid } from './mark-invoice-paid.js';
import { markUncollectible } from './mark-uncollectible.js';
import { sendInvoice } from './send-invoice.js';
import { voidInvoice } from './void-invoice.js';

/** What moves an invoice on. */
@Controller('invoices/:id')
export class InvoiceActionsController {
  constructor(private readonly links: HostedLinks) {}

  @Post('finalize')
  @Endpoint({
    summary: 'Finalise a draft invoice',
    description:
      'Gives it its number and date, e-mails it to the customer and, where it is charged automatically, charges the default payment method. An invoice over nothing is paid at once.',
    access: 'invoices:write',
    returns: InvoiceSchema,
    errors: [notFound, invoiceNotDraft, invoiceHasNoLines],
    operationId: 'finalizeInvoice',
  })
  async finalize(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return this.wire(ctx, await finalizeInvoice(ctx, reference));
  }

  @Post('mark-paid')
  @Endpoint({
    summary: 'Mark an invoice as paid',
    description:
      'For money that came outside the platform. Records a manual payment of what was still due, or of a part of it.',
    access: 'invoices:write',
    returns: InvoiceSchema,
    errors: [notFound, invoiceNotOpen, invoicePaymentInFlight, paymentExceedsAmountDue, invalidRequest],
    example: { note: 'Bank transfer of 14 March, reference 8814' },
    operationId: 'markInvoicePaid',
  })
  async markPaid(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: MarkPaidSchema }) input: MarkPaid,
  ) {
    return this.wire(ctx, await markInvoicePaid(ctx, reference, input));
  }

  @Post('mark-uncollectible')
  @Endpoint({
    summary: 'Give an invoice up as uncollectible',
    description:
      'It stays owed, and is not charged unattended any more. A payment that comes after all settles it.',
    access: 'invoices:write',
    returns: InvoiceSchema,
    errors: [notFound, invoiceNotOpen, invoicePaymentInFlight],
    operationId: 'markInvoiceUncollectible',
  })
  async markUncollectible(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return this.wire(ctx, await markUncollectible(ctx, reference));
  }

  @Post('void')
  @Endpoint({
    summary: 'Void an invoice',
    description:
      'Takes back an issued invoice that no money was paid on. It keeps its number and gives back what it used of discounts, balance and wallets.',
    access: 'invoices:write',
    returns: InvoiceSchema,
    errors: [notFound, invoiceNotVoidable, invoicePaymentInFlight],
    operationId: 'voidInvoice',
  })
  async void(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return this.wire(ctx, await voidInvoice(ctx, reference));
  }

  @Post('send')
  @Endpoint({
    summary: 'E-mail an invoice again',
    description: 'To the address that the customer has now, as a copy. The e-mail is sent in the background.',
    access: 'invoices:write',
    status: 202,
    returns: InvoiceEmailSchema,
    errors: [notFound, invoiceNotSendable, customerHasNoEmail],
    operationId: 'sendInvoice',
  })
  async send(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return toInvoiceEmailWire(await sendInvoice(ctx, reference));
  }

  private wire(ctx: TenantContext, invoice: InvoiceWithLines) {
    return toInvoiceWire(invoice, this.links.urlOfInvoice(ctx.databaseId, invoice));
  }
}
