import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { HostedLinks } from '../hosted-pages/hosted-links.js';
import { PayLinks } from '../hosted-pages/pay-links.js';
import { answerWithPdf } from './answer-with-pdf.js';
import { createInvoice } from './create-invoice.js';
import { deleteInvoice } from './delete-invoice.js';
import { readInvoicePdf } from './invoice-pdf.js';
import { InvoicePreviewSchema, previewInvoice } from './invoice-preview.js';
import { InvoiceListSchema, InvoiceSchema, type InvoiceWithLines, toInvoiceWire } from './invoice-wire.js';
import { amountTooLarge, invoiceNotDraft } from './invoices.errors.js';
import { listInvoices, readInvoice, requireInvoice } from './invoices.repository.js';
import {
  type CreateInvoice,
  CreateInvoiceSchema,
  type ListInvoicesQuery,
  ListInvoicesQuerySchema,
  type UpdateInvoice,
  UpdateInvoiceSchema,
} from './invoices.schemas.js';
import { updateInvoice } from './update-invoice.js';

/** Drafts and what is read of any invoice. What moves an invoice on is in the controller of its actions. */
@Controller('invoices')
export class InvoicesController {
  constructor(
    readonly cursors: Cursors,
    readonly links: HostedLinks,
    private readonly payLinks: PayLinks,
  ) {}

  @Post()
  @Endpoint({
    summary: 'Create a draft invoice',
    description: 'For something billed once. It has no number and may change until it is finalised.',
    access: 'invoices:write',
    status: 201,
    returns: InvoiceSchema,
    errors: [notFound, externalIdTaken, amountTooLarge, invalidRequest],
    example: {
      customerId: 'cus_01ke4v7m2qf7ct3xv0ab9d8h6r',
      currency: 'NGN',
      lines: [{ description: 'On-site training', quantity: '2', unitAmount: '4500000' }],
      memo: 'Thank you for your business.',
      netTermsDays: 14,
    },
    operationId: 'createInvoice',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateInvoiceSchema }) input: CreateInvoice) {
    return this.wire(ctx, await createInvoice(ctx, input));
  }

  @Post('preview')
  @HttpCode(200)
  @Endpoint({
    summary: 'Preview an invoice',
    description: 'What a draft of the same request would come to, with the discounts and taxes of today.',
    access: 'invoices:read',
    // Nothing is written, so there is nothing to keep from happening twice.
    idempotency: 'ignored',
    returns: InvoicePreviewSchema,
    errors: [notFound, amountTooLarge, invalidRequest],
    example: {
      customerId: 'cus_01ke4v7m2qf7ct3xv0ab9d8h6r',
      currency: 'NGN',
      lines: [{ description: 'On-site training', quantity: '2', unitAmount: '4500000' }],
      discounts: 'customer',
    },
    operationId: 'previewInvoice',
  })
  preview(@Ctx() ctx: TenantContext, @Body({ schema: CreateInvoiceSchema }) input: CreateInvoice) {
    return previewInvoice(ctx, input);
  }

  @Get()
  @Endpoint({
    summary: 'List invoices',
    access: 'invoices:read',
    returns: InvoiceListSchema,
    operationId: 'listInvoices',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListInvoicesQuerySchema }) query: ListInvoicesQuery) {
    return listInvoices(ctx, this, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve an invoice',
    description: 'By its id, your external id or its number.',
    access: 'invoices:read',
    returns: InvoiceSchema,
    errors: [notFound],
    operationId: 'retrieveInvoice',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    const { id } = await requireInvoice(ctx.db, reference);
    return this.wire(ctx, await readInvoice(ctx.db, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a draft invoice',
    description: 'Of an invoice that was finalised only the metadata can change.',
    access: 'invoices:write',
    returns: InvoiceSchema,
    errors: [notFound, invoiceNotDraft, amountTooLarge, preconditionFailed, invalidRequest],
    example: { memo: 'Purchase order 4711' },
    operationId: 'updateInvoice',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: UpdateInvoiceSchema }) input: UpdateInvoice,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return this.wire(ctx, await updateInvoice(ctx, reference, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a draft invoice',
    description: 'What was finalised has a number and stays: void it instead.',
    access: 'invoices:write',
    returns: null,
    errors: [notFound, invoiceNotDraft, preconditionFailed],
    operationId: 'deleteInvoice',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deleteInvoice(ctx, reference, expected);
  }

  @Get(':id/pdf')
  @Endpoint({
    summary: 'Download an invoice as PDF',
    description: 'A draft says that it is one.',
    access: 'invoices:read',
    returns: { contentType: 'application/pdf' },
    errors: [notFound],
    operationId: 'downloadInvoicePdf',
  })
  async pdf(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answerWithPdf(reply, await readInvoicePdf(ctx, reference, this.payLinks));
  }

  private wire(ctx: TenantContext, invoice: InvoiceWithLines) {
    return toInvoiceWire(invoice, this.links.urlOfInvoice(ctx.databaseId, invoice));
  }
}
