import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { balanceTooLow } from '../balances/balances.errors.js';
import { answerWithPdf } from '../invoices/answer-with-pdf.js';
import { amountTooLarge, invoicePaymentInFlight } from '../invoices/invoices.errors.js';
import { walletCreditUsed, walletTopUpPending } from '../wallets/wallets.errors.js';
import { createCreditNote, previewCreditNote } from './create-credit-note.js';
import { readCreditNotePdf } from './credit-note-document.js';
import { CreditNoteListSchema, CreditNoteSchema, toCreditNoteWire } from './credit-note-wire.js';
import {
  creditExceedsInvoice,
  creditNoteNotVoidable,
  invoiceNotCreditable,
  refundExceedsPayments,
} from './credit-notes.errors.js';
import { listCreditNotes, readCreditNote, requireCreditNote } from './credit-notes.repository.js';
import {
  type CreateCreditNote,
  CreateCreditNoteSchema,
  CreditNotePreviewSchema,
  type ListCreditNotesQuery,
  ListCreditNotesQuerySchema,
  type PreviewCreditNote,
  PreviewCreditNoteSchema,
  type UpdateCreditNote,
  UpdateCreditNoteSchema,
} from './credit-notes.schemas.js';
import { updateCreditNote, voidCreditNote } from './void-credit-note.js';

const REFUSALS = [
  notFound,
  invoiceNotCreditable,
  creditExceedsInvoice,
  refundExceedsPayments,
  invalidRequest,
];

@Controller('credit-notes')
export class CreditNotesController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Issue a credit note',
    description:
      'Takes back all of an issued invoice, some of its lines, or a sum, each with its exact share of discounts and taxes. What is due is reduced first; the rest goes to the customer’s balance or back the way it came.',
    access: 'invoices:write',
    status: 201,
    returns: CreditNoteSchema,
    errors: [
      ...REFUSALS,
      amountTooLarge,
      invoicePaymentInFlight,
      walletTopUpPending,
      walletCreditUsed,
      externalIdTaken,
    ],
    example: {
      invoiceId: 'inv_01ke4v7m2qf7ct3xv0ab9d8h6r',
      lines: [{ invoiceLineId: 'il_01ke4v7m2qf7ct3xv0ab9d8h6r', amount: 50000 }],
      reason: 'goodwill',
      to: 'balance',
    },
    operationId: 'createCreditNote',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateCreditNoteSchema }) input: CreateCreditNote) {
    return toCreditNoteWire(await createCreditNote(ctx, input));
  }

  @Post('preview')
  @HttpCode(200)
  @Endpoint({
    summary: 'Preview a credit note',
    description: 'What it would come to and where it would go. Writes nothing.',
    access: 'invoices:read',
    idempotency: 'ignored',
    returns: CreditNotePreviewSchema,
    errors: REFUSALS,
    example: { invoiceId: 'inv_01ke4v7m2qf7ct3xv0ab9d8h6r', amount: 50000, to: 'refund' },
    operationId: 'previewCreditNote',
  })
  preview(@Ctx() ctx: TenantContext, @Body({ schema: PreviewCreditNoteSchema }) input: PreviewCreditNote) {
    return previewCreditNote(ctx, input);
  }

  @Get()
  @Endpoint({
    summary: 'List credit notes',
    access: 'invoices:read',
    returns: CreditNoteListSchema,
    operationId: 'listCreditNotes',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListCreditNotesQuerySchema }) query: ListCreditNotesQuery,
  ) {
    return listCreditNotes(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a credit note',
    description: 'By its id, your external id or its number.',
    access: 'invoices:read',
    returns: CreditNoteSchema,
    errors: [notFound],
    operationId: 'retrieveCreditNote',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    const { id } = await requireCreditNote(ctx.db, reference);
    return toCreditNoteWire(await readCreditNote(ctx.db, id));
  }

  @Get(':id/pdf')
  @Endpoint({
    summary: 'Download a credit note as PDF',
    access: 'invoices:read',
    returns: { contentType: 'application/pdf' },
    errors: [notFound],
    operationId: 'downloadCreditNotePdf',
  })
  async pdf(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return answerWithPdf(reply, await readCreditNotePdf(ctx, reference));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a credit note’s metadata',
    description: 'The document itself never changes.',
    access: 'invoices:write',
    returns: CreditNoteSchema,
    errors: [notFound, preconditionFailed, invalidRequest],
    example: { metadata: { ticket: '4711' } },
    operationId: 'updateCreditNote',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: UpdateCreditNoteSchema }) input: UpdateCreditNote,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toCreditNoteWire(await updateCreditNote(ctx, reference, input, expected));
  }

  @Post(':id/void')
  @HttpCode(200)
  @Endpoint({
    summary: 'Void a credit note',
    description:
      'Takes one back that was issued in error; it keeps its number. Not once money has gone back, the balance was used or the invoice is paid.',
    access: 'invoices:write',
    returns: CreditNoteSchema,
    errors: [notFound, creditNoteNotVoidable, balanceTooLow, preconditionFailed],
    operationId: 'voidCreditNote',
  })
  async void(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toCreditNoteWire(await voidCreditNote(ctx, reference, expected));
  }
}
