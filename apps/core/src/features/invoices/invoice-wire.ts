import type { Invoice, InvoiceDiscount, InvoiceLine } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { BILLING_REASONS } from '../billing/invoice-plan.js';
import { InvoiceLineSchema, toLineWire } from './invoice-line-wire.js';
import { InvoiceBuyerSchema, InvoiceSellerSchema } from './invoice-parties.js';
import { TaxRowSchema } from './tax-wire.js';

export const INVOICE_STATUSES = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;
export const COLLECTION_METHODS = ['charge_automatically', 'send_invoice'] as const;

export const CollectionMethodSchema = z.enum(COLLECTION_METHODS).meta({
  id: 'CollectionMethod',
  description:
    '`charge_automatically` charges the default payment method when the invoice is finalised; `send_invoice` waits for the customer.',
});

export const AppliedDiscountSchema = z
  .object({
    discountId: z.string(),
    name: z.string(),
    amount: AmountSchema,
  })
  .meta({ id: 'AppliedDiscount', description: 'What a discount of the customer takes off the invoice.' });

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
    subtotal: AmountSchema.meta({
      description: 'The sum of the lines, before discounts; with tax where prices contain it.',
    }),
    discountTotal: AmountSchema,
    taxTotal: AmountSchema,
    total: AmountSchema.meta({ description: 'The sum of the lines’ net amounts and taxes.' }),
    amountPaid: AmountSchema,
    balanceApplied: AmountSchema.meta({ description: 'Settled from the customer’s balance.' }),
    walletApplied: AmountSchema.meta({ description: 'Settled from the customer’s wallets.' }),
    amountCredited: AmountSchema.meta({ description: 'Taken off what was due by credit notes.' }),
    amountDue: AmountSchema.meta({
      description:
        'What is left of the total: less `amountPaid`, `balanceApplied`, `walletApplied` and `amountCredited`.',
    }),
    lines: z.array(InvoiceLineSchema),
    discounts: z
      .array(AppliedDiscountSchema)
      .meta({ description: 'In the order in which they are applied.' }),
    taxes: z.array(TaxRowSchema).meta({ description: 'The taxes by rate, which add up to `taxTotal`.' }),
    memo: z.string().nullable(),
    purchaseOrder: z.string().nullable(),
    seller: InvoiceSellerSchema.nullable(),
    buyer: InvoiceBuyerSchema.nullable(),
    hostedUrl: z.url().nullable().meta({
      description:
        'The page on which the customer sees the invoice and pays it; whoever has the address may. Null for drafts and void invoices.',
      example: 'https://billing.example/pay/i01ke4v7m2qf7ct3xv0ab9d8h6r…',
    }),
    finalizeAt: MomentSchema.nullable().meta({
      description: 'When a draft is finalised by itself; null when somebody has to.',
    }),
    issuedAt: MomentSchema.nullable(),
    dueAt: MomentSchema.nullable(),
    overdueAt: MomentSchema.nullable().meta({
      description:
        'Since when it was not paid in time: the start of the day after it was due, where you are.',
    }),
    paidAt: MomentSchema.nullable(),
    voidedAt: MomentSchema.nullable(),
    uncollectibleAt: MomentSchema.nullable().meta({
      description: 'When it was given up on. It may still be paid.',
    }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Invoice' });
export type InvoiceWire = z.infer<typeof InvoiceSchema>;

export const InvoiceListSchema = listOf(InvoiceSchema, 'InvoiceList');

/** An invoice as the wire has it: with its lines and what discounts took off it. */
export type InvoiceWithLines = Invoice & { lines: InvoiceLine[]; discounts: InvoiceDiscount[] };

/** What to read with an invoice for the wire. */
export const WITH_LINES = {
  lines: { orderBy: { position: 'asc' } },
  discounts: { orderBy: { position: 'asc' } },
} as const;

/** The invoice as callers see it, with the address of its customer's page. */
export function toInvoiceWire(invoice: InvoiceWithLines, hostedUrl: string | null): InvoiceWire {
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
    ...amountsOf(invoice),
    lines: invoice.lines.map(toLineWire),
    discounts: invoice.discounts.map(({ discountId, name, amount }) => ({
      discountId,
      name,
      amount: toWireAmount(amount),
    })),
    taxes: invoice.taxes as InvoiceWire['taxes'],
    memo: invoice.memo,
    purchaseOrder: invoice.purchaseOrder,
    seller: invoice.seller as InvoiceWire['seller'],
    buyer: invoice.buyer as InvoiceWire['buyer'],
    hostedUrl,
    finalizeAt: wireMoment(invoice.finalizeAt),
    issuedAt: wireMoment(invoice.issuedAt),
    dueAt: wireMoment(invoice.dueAt),
    // A database of the release before does not know it.
    overdueAt: wireMoment(invoice.overdueAt ?? null),
    paidAt: wireMoment(invoice.paidAt),
    voidedAt: wireMoment(invoice.voidedAt),
    uncollectibleAt: wireMoment(invoice.uncollectibleAt),
    metadata: readMetadata(invoice.metadata),
    version: invoice.version,
    createdAt: invoice.createdAt.toISOString(),
    updatedAt: invoice.updatedAt.toISOString(),
  };
}

function amountsOf(invoice: Invoice) {
  return {
    subtotal: toWireAmount(invoice.subtotal),
    discountTotal: toWireAmount(invoice.discountTotal),
    taxTotal: toWireAmount(invoice.taxTotal),
    total: toWireAmount(invoice.total),
    amountPaid: toWireAmount(invoice.amountPaid),
    balanceApplied: toWireAmount(invoice.balanceApplied),
    walletApplied: toWireAmount(invoice.walletApplied),
    amountCredited: toWireAmount(invoice.amountCredited),
    amountDue: toWireAmount(invoice.amountDue),
  };
}

function wireMoment(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString();
}
