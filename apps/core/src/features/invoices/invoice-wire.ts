import type { Invoice, InvoiceLine } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { BILLING_REASONS } from '../billing/invoice-plan.js';
import { InvoiceBuyerSchema, InvoiceSellerSchema } from './invoice-parties.js';

export const INVOICE_STATUSES = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;
export const COLLECTION_METHODS = ['charge_automatically', 'send_invoice'] as const;

export const CollectionMethodSchema = z.enum(COLLECTION_METHODS).meta({
  id: 'CollectionMethod',
  description:
    '`charge_automatically` charges the default payment method when the invoice is finalised; `send_invoice` waits for the customer.',
});

const InvoiceLineSchema = z
  .object({
    id: z.string(),
    description: z.string(),
    priceId: z.string().nullable(),
    quantity: z.string().meta({ description: 'A decimal.', example: '1' }),
    unitAmount: z
      .string()
      .meta({ description: 'A decimal in minor units; may be finer than one.', example: '0.8' }),
    amount: AmountSchema,
    periodStart: MomentSchema.nullable().meta({ description: 'The first moment that the line pays for.' }),
    periodEnd: MomentSchema.nullable().meta({ description: 'The first moment that it no longer pays for.' }),
    explanation: z
      .object({ model: z.string(), unrounded: z.string(), rounding: z.string() })
      .meta({ description: 'How the amount came about.' }),
  })
  .meta({ id: 'InvoiceLine' });

export const InvoiceSchema = z
  .object({
    object: z.literal('invoice'),
    id: z.string(),
    externalId: z.string().nullable(),
    number: z
      .string()
      .nullable()
      .meta({ description: 'Given at finalisation, without gaps.', example: 'INV-000001' }),
    status: z.enum(INVOICE_STATUSES),
    customerId: z.string(),
    subscriptionId: z.string().nullable(),
    billingReason: z.enum(BILLING_REASONS),
    collectionMethod: CollectionMethodSchema,
    netTermsDays: z.int(),
    currency: CurrencySchema,
    subtotal: AmountSchema,
    total: AmountSchema,
    amountPaid: AmountSchema,
    amountDue: AmountSchema,
    lines: z.array(InvoiceLineSchema),
    memo: z.string().nullable(),
    seller: InvoiceSellerSchema.nullable(),
    buyer: InvoiceBuyerSchema.nullable(),
    issuedAt: MomentSchema.nullable(),
    dueAt: MomentSchema.nullable(),
    paidAt: MomentSchema.nullable(),
    voidedAt: MomentSchema.nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Invoice' });
export type InvoiceWire = z.infer<typeof InvoiceSchema>;

export const InvoiceListSchema = listOf(InvoiceSchema, 'InvoiceList');

/** An invoice as the wire has it: with its lines. */
export type InvoiceWithLines = Invoice & { lines: InvoiceLine[] };

/** What to read with an invoice for the wire. */
export const WITH_LINES = { lines: { orderBy: { position: 'asc' } } } as const;

/** The invoice as callers see it. */
export function toInvoiceWire(invoice: InvoiceWithLines): InvoiceWire {
  // Text columns with few values were checked on their way in, and the answer is checked against the schema.
  return {
    object: 'invoice',
    id: invoice.id,
    externalId: invoice.externalId,
    number: invoice.number,
    status: invoice.status as InvoiceWire['status'],
    customerId: invoice.customerId,
    subscriptionId: invoice.subscriptionId,
    billingReason: invoice.billingReason as InvoiceWire['billingReason'],
    collectionMethod: invoice.collectionMethod as InvoiceWire['collectionMethod'],
    netTermsDays: invoice.netTermsDays,
    currency: invoice.currency as InvoiceWire['currency'],
    subtotal: toWireAmount(invoice.subtotal),
    total: toWireAmount(invoice.total),
    amountPaid: toWireAmount(invoice.amountPaid),
    amountDue: toWireAmount(invoice.amountDue),
    lines: invoice.lines.map(toLineWire),
    memo: invoice.memo,
    seller: invoice.seller as InvoiceWire['seller'],
    buyer: invoice.buyer as InvoiceWire['buyer'],
    issuedAt: wireMoment(invoice.issuedAt),
    dueAt: wireMoment(invoice.dueAt),
    paidAt: wireMoment(invoice.paidAt),
    voidedAt: wireMoment(invoice.voidedAt),
    metadata: readMetadata(invoice.metadata),
    version: invoice.version,
    createdAt: invoice.createdAt.toISOString(),
    updatedAt: invoice.updatedAt.toISOString(),
  };
}

function toLineWire(line: InvoiceLine): InvoiceWire['lines'][number] {
  return {
    id: line.id,
    description: line.description,
    priceId: line.priceId,
    quantity: line.quantity.toFixed(),
    unitAmount: line.unitAmount.toFixed(),
    amount: toWireAmount(line.amount),
    periodStart: wireMoment(line.periodStart),
    periodEnd: wireMoment(line.periodEnd),
    explanation: line.explanation as InvoiceWire['lines'][number]['explanation'],
  };
}

function wireMoment(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString();
}
