import type { EmailMessage } from '@nova/prisma-tenant';
import { z } from 'zod';

import { AmountSchema, MomentInputSchema, UnitAmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { blockText, lineText } from '../../platform/wire/text.js';
import { BILLING_REASONS } from '../billing/invoice-plan.js';
import { TaxCategorySchema } from '../plans/prices.schemas.js';
import { CollectionMethodSchema, INVOICE_STATUSES } from './invoice-wire.js';

const LINES_MAX = 250;
const NET_TERMS_DAYS_MAX = 365;

/** How many: a decimal, so that parts of a unit can be billed; a whole number may be written as one. */
export const QuantitySchema = z
  .union([
    z.int().min(1).max(1_000_000_000),
    z
      .string()
      .regex(/^(0|[1-9]\d{0,14})(\.\d{1,12})?$/, 'Use a decimal such as "3" or "0.5"')
      .regex(/[1-9]/, 'must be more than 0'),
  ])
  .meta({ description: 'More than 0: a decimal string, or a whole number.', example: '1' });

export const NetTermsDaysSchema = z
  .int()
  .min(0)
  .max(NET_TERMS_DAYS_MAX)
  .meta({ description: 'Days from the invoice’s date until it is due.', example: 30 });

/** A line is of a price, or stands on its own with a description and a unit amount. */
export const DraftLineSchema = z
  .strictObject({
    priceId: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'A price, by its id or external id.' }),
    description: lineText({ max: 500 }).optional(),
    unitAmount: UnitAmountSchema.optional(),
    quantity: QuantitySchema.default('1'),
    unit: lineText({ max: 50 })
      .optional()
      .meta({ description: 'What one of it is called. A price has its own.', example: 'hour' }),
    taxCategory: TaxCategorySchema.optional().meta({
      description: 'Chooses the tax rate; `standard` unless given. A price has its own.',
    }),
    taxBehavior: z.enum(['exclusive', 'inclusive']).optional().meta({
      description: 'Whether tax is added (`exclusive`, unless given) or contained. A price has its own.',
    }),
  })
  .superRefine((line, check) => {
    const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
    if (line.priceId !== undefined) {
      for (const key of ['unitAmount', 'unit', 'taxCategory', 'taxBehavior'] as const) {
        if (line[key] !== undefined) refuse(key, 'comes from the price; leave it out');
      }
      return;
    }
    if (line.description === undefined) refuse('description', 'is needed on a line without a price');
    if (line.unitAmount === undefined) refuse('unitAmount', 'is needed on a line without a price');
  })
  .meta({ id: 'DraftInvoiceLine' });
export type DraftLine = z.infer<typeof DraftLineSchema>;

const editable = {
  lines: z.array(DraftLineSchema).max(LINES_MAX),
  memo: blockText({ max: 2_000 }).nullable().meta({ description: 'A note that the document prints.' }),
  purchaseOrder: lineText({ max: 100 })
    .nullable()
    .meta({ description: 'The buyer’s own number, which the document prints.', example: 'PO-4711' }),
  discounts: z.enum(['none', 'customer']).meta({
    description:
      'Whether the customer’s discounts are taken off an invoice written by hand. They are used up when it is finalised.',
  }),
  netTermsDays: NetTermsDaysSchema,
  collectionMethod: CollectionMethodSchema,
};

export const CreateInvoiceSchema = z
  .strictObject({
    customerId: z.string().min(1).max(255),
    externalId: externalIdSchema('inv').optional(),
    currency: CurrencySchema.optional(),
    lines: editable.lines.default([]),
    memo: editable.memo.optional(),
    purchaseOrder: editable.purchaseOrder.optional(),
    discounts: editable.discounts.default('none'),
    netTermsDays: editable.netTermsDays.optional(),
    collectionMethod: editable.collectionMethod.default('send_invoice'),
    metadata: MetadataSchema.default({}),
  })
  .meta({ id: 'CreateInvoice' });
export type CreateInvoice = z.infer<typeof CreateInvoiceSchema>;

export const UpdateInvoiceSchema = z
  .strictObject({
    lines: editable.lines.optional().meta({ description: 'Replaces all lines.' }),
    memo: editable.memo.optional(),
    purchaseOrder: editable.purchaseOrder.optional(),
    discounts: editable.discounts.optional(),
    netTermsDays: editable.netTermsDays.optional(),
    collectionMethod: editable.collectionMethod.optional(),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateInvoice' });
export type UpdateInvoice = z.infer<typeof UpdateInvoiceSchema>;

export const MarkPaidSchema = z
  .strictObject({
    note: lineText({ max: 500 }).optional(),
    paidAt: MomentInputSchema.optional().meta({ description: 'When the money came; now unless given.' }),
    amount: AmountSchema.min(1)
      .optional()
      .meta({ description: 'A part of what is due. All of it unless given.', example: 50_000 }),
  })
  .prefault({})
  .meta({ id: 'MarkInvoicePaid' });
export type MarkPaid = z.infer<typeof MarkPaidSchema>;

export const PayInvoiceSchema = z
  .strictObject({
    paymentMethodId: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'The customer’s default payment method unless given.' }),
    amount: AmountSchema.min(1)
      .optional()
      .meta({ description: 'A part of what is due. All of it unless given.', example: 50_000 }),
  })
  .prefault({})
  .meta({ id: 'PayInvoice' });
export type PayInvoice = z.infer<typeof PayInvoiceSchema>;

export const InvoiceEmailSchema = z
  .object({
    object: z.literal('invoice_email'),
    id: z.string(),
    invoiceId: z.string(),
    recipient: z.string(),
    status: z.enum(['queued', 'sent', 'failed']),
  })
  .meta({ id: 'InvoiceEmail' });
export type InvoiceEmailWire = z.infer<typeof InvoiceEmailSchema>;

/** An e-mail that is owed, as callers see it. */
export function toInvoiceEmailWire(row: EmailMessage): InvoiceEmailWire {
  return {
    object: 'invoice_email',
    id: row.id,
    invoiceId: row.invoiceId,
    recipient: row.recipient,
    status: row.status as InvoiceEmailWire['status'],
  };
}

const filters = {
  status: z.enum(INVOICE_STATUSES).optional(),
  overdue: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Open, and due before today by the tenant’s calendar; or not.' }),
  dueBefore: MomentInputSchema.optional(),
  number: z.string().min(1).max(64).optional(),
  currency: CurrencySchema.optional(),
  billingReason: z.enum(BILLING_REASONS).optional(),
};

export const ListInvoicesQuerySchema = listQuery({
  ...filters,
  customer: z.string().min(1).max(255).optional(),
  subscription: z.string().min(1).max(255).optional(),
});
export type ListInvoicesQuery = z.infer<typeof ListInvoicesQuerySchema>;

export const ListInvoicesOfCustomerQuerySchema = listQuery(filters);
export type ListInvoicesOfCustomerQuery = z.infer<typeof ListInvoicesOfCustomerQuerySchema>;
