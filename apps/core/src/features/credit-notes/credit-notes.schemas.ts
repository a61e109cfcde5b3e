import { z } from 'zod';

import { AmountSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { blockText, lineText } from '../../platform/wire/text.js';
import { CREDIT_DESTINATIONS, CREDIT_NOTE_REASONS } from './credit-note-request.js';
import { CREDIT_NOTE_STATUSES } from './credit-note-wire.js';

const reference = z.string().min(1).max(255);

const CreditedLineSchema = z
  .strictObject({
    invoiceLineId: reference,
    amount: z.int().optional().meta({
      description:
        'In minor units, before the discount and in the line’s own terms; below zero for a line that is. All that is left of the line unless given.',
      example: 50000,
    }),
    description: lineText({ max: 500 }).optional(),
  })
  .meta({ id: 'CreditedLine' });

const what = {
  invoiceId: reference.meta({ description: 'By its id, your external id or its number.' }),
  lines: z.array(CreditedLineSchema).min(1).max(250).optional().meta({
    description: 'What is credited of which lines. Without `lines` and `amount`, all that is left.',
  }),
  amount: AmountSchema.min(1)
    .optional()
    .meta({ description: 'A sum with tax, spread over the lines in proportion to what is left of each.' }),
  to: z.enum(CREDIT_DESTINATIONS).default('auto').meta({
    description:
      'What is due on the invoice is always reduced first. The rest goes to the customer’s balance (`auto`, `balance`), or back the way it came as far as money came (`refund`); `invoice` refuses to credit more than what is due.',
  }),
  refundAmount: AmountSchema.min(1)
    .optional()
    .meta({ description: 'With `refund`: how much, instead of as much as possible.' }),
};

function checkWhat(
  { lines, amount, to, refundAmount }: z.infer<z.ZodObject<typeof what>>,
  check: z.RefinementCtx,
): void {
  const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
  if (lines !== undefined && amount !== undefined) refuse('amount', 'comes from the lines; leave it out');
  if (refundAmount !== undefined && to !== 'refund') refuse('refundAmount', 'goes with `to: refund` only');
}

export const PreviewCreditNoteSchema = z
  .strictObject(what)
  .superRefine(checkWhat)
  .meta({ id: 'PreviewCreditNote' });
export type PreviewCreditNote = z.infer<typeof PreviewCreditNoteSchema>;

export const CreateCreditNoteSchema = z
  .strictObject({
    ...what,
    externalId: externalIdSchema('cn').optional(),
    reason: z.enum(CREDIT_NOTE_REASONS).default('other'),
    memo: blockText({ max: 2_000 }).nullable().optional().meta({ description: 'The document prints it.' }),
    metadata: MetadataSchema.default({}),
  })
  .superRefine(checkWhat)
  .meta({ id: 'CreateCreditNote' });
export type CreateCreditNote = z.infer<typeof CreateCreditNoteSchema>;

export const UpdateCreditNoteSchema = z
  .strictObject({ metadata: MetadataPatchSchema })
  .meta({ id: 'UpdateCreditNote' });
export type UpdateCreditNote = z.infer<typeof UpdateCreditNoteSchema>;

export const CreditNotePreviewSchema = z
  .object({
    object: z.literal('credit_note_preview'),
    invoiceId: z.string(),
    subtotal: AmountSchema,
    discountTotal: AmountSchema,
    taxTotal: AmountSchema,
    total: AmountSchema,
    toInvoice: AmountSchema,
    toBalance: AmountSchema,
    toRefund: AmountSchema,
    creditable: AmountSchema.meta({ description: 'What is left of the invoice to credit, before this.' }),
    refundable: AmountSchema.meta({ description: 'Money that can still go back.' }),
    lines: z.array(
      z
        .object({
          invoiceLineId: z.string(),
          amount: z.int(),
          discountAmount: z.int(),
          netAmount: z.int(),
          taxAmount: z.int(),
        })
        .meta({ id: 'CreditNotePreviewLine' }),
    ),
  })
  .meta({ id: 'CreditNotePreview' });
export type CreditNotePreview = z.infer<typeof CreditNotePreviewSchema>;

export const ListCreditNotesQuerySchema = listQuery({
  status: z.enum(CREDIT_NOTE_STATUSES).optional(),
  customer: reference.optional(),
  invoice: reference.optional(),
});
export type ListCreditNotesQuery = z.infer<typeof ListCreditNotesQuerySchema>;
