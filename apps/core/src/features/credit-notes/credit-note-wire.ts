import type { CreditNote, CreditNoteLine } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { InvoiceBuyerSchema, InvoiceSellerSchema } from '../invoices/invoice-parties.js';
import { CREDIT_NOTE_REASONS } from './credit-note-request.js';

export const CREDIT_NOTE_STATUSES = ['issued', 'void'] as const;

/** An amount that has the sign of the line it takes back. */
const SignedAmountSchema = z.int().meta({ description: 'In minor units.', example: 1050 });

const CreditedTaxSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    rate: z.string().meta({ description: 'Percent, a decimal.', example: '7.5' }),
    base: SignedAmountSchema,
    amount: SignedAmountSchema,
  })
  .meta({ id: 'CreditedTax' });

const CreditNoteLineSchema = z
  .object({
    id: z.string(),
    invoiceLineId: z.string(),
    description: z.string(),
    amount: SignedAmountSchema.meta({ description: 'Before the discount, in the invoice line’s own terms.' }),
    discountAmount: SignedAmountSchema,
    netAmount: SignedAmountSchema,
    taxAmount: SignedAmountSchema,
    taxes: z.array(CreditedTaxSchema),
    periodStart: MomentSchema.nullable(),
    periodEnd: MomentSchema.nullable(),
    explanation: z
      .record(z.string(), z.unknown())
      .meta({ description: 'How the amount came about, where it was worked out.' }),
  })
  .meta({ id: 'CreditNoteLine' });

export const CreditNoteSchema = z
  .object({
    object: z.literal('credit_note'),
    id: z.string(),
    externalId: z.string().nullable(),
    number: z
      .string()
      .meta({ description: 'Given without gaps, in a series of its own.', example: 'CN-000001' }),
    status: z.enum(CREDIT_NOTE_STATUSES),
    invoiceId: z.string(),
    customerId: z.string(),
    reason: z.enum(CREDIT_NOTE_REASONS),
    currency: CurrencySchema,
    subtotal: AmountSchema,
    discountTotal: AmountSchema,
    taxTotal: AmountSchema,
    total: AmountSchema,
    toInvoice: AmountSchema.meta({ description: 'Taken off what was due on the invoice.' }),
    toBalance: AmountSchema.meta({ description: 'Put on the customer’s balance.' }),
    toRefund: AmountSchema.meta({ description: 'Goes back the way it came: see the refunds.' }),
    taxes: z.array(CreditedTaxSchema),
    lines: z.array(CreditNoteLineSchema),
    memo: z.string().nullable(),
    seller: InvoiceSellerSchema,
    buyer: InvoiceBuyerSchema,
    issuedAt: MomentSchema,
    voidedAt: MomentSchema.nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'CreditNote' });
export type CreditNoteWire = z.infer<typeof CreditNoteSchema>;
export const CreditNoteListSchema = listOf(CreditNoteSchema, 'CreditNoteList');

/** A credit note as the wire has it: with its lines. */
export type CreditNoteWithLines = CreditNote & { lines: CreditNoteLine[] };

/** What to read with a credit note for the wire. */
export const WITH_CREDIT_LINES = { lines: { orderBy: { position: 'asc' } } } as const;

/** The credit note as callers see it. */
export function toCreditNoteWire(note: CreditNoteWithLines): CreditNoteWire {
  return {
    object: 'credit_note',
    id: note.id,
    externalId: note.externalId,
    number: note.number,
    status: note.status as CreditNoteWire['status'],
    invoiceId: note.invoiceId,
    customerId: note.customerId,
    reason: note.reason as CreditNoteWire['reason'],
    currency: note.currency as CreditNoteWire['currency'],
    subtotal: toWireAmount(note.subtotal),
    discountTotal: toWireAmount(note.discountTotal),
    taxTotal: toWireAmount(note.taxTotal),
    total: toWireAmount(note.total),
    toInvoice: toWireAmount(note.toInvoice),
    toBalance: toWireAmount(note.toBalance),
    toRefund: toWireAmount(note.toRefund),
    taxes: note.taxes as CreditNoteWire['taxes'],
    lines: note.lines.map(toLineWire),
    memo: note.memo,
    seller: note.seller as CreditNoteWire['seller'],
    buyer: note.buyer as CreditNoteWire['buyer'],
    issuedAt: note.issuedAt.toISOString(),
    voidedAt: note.voidedAt?.toISOString() ?? null,
    metadata: readMetadata(note.metadata),
    version: note.version,
    createdAt: note.createdAt.toISOString(),
    updatedAt: note.updatedAt.toISOString(),
  };
}

function toLineWire(line: CreditNoteLine): CreditNoteWire['lines'][number] {
  return {
    id: line.id,
    invoiceLineId: line.invoiceLineId,
    description: line.description,
    amount: toWireAmount(line.amount),
    discountAmount: toWireAmount(line.discountAmount),
    netAmount: toWireAmount(line.netAmount),
    taxAmount: toWireAmount(line.taxAmount),
    taxes: line.taxes as CreditNoteWire['taxes'],
    periodStart: line.periodStart?.toISOString() ?? null,
    periodEnd: line.periodEnd?.toISOString() ?? null,
    explanation: line.explanation as CreditNoteWire['lines'][number]['explanation'],
  };
}
