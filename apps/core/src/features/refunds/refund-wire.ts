import type { Refund } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';

export const REFUND_STATUSES = ['pending', 'succeeded', 'failed'] as const;

export const RefundSchema = z
  .object({
    object: z.literal('refund'),
    id: z.string(),
    paymentId: z
      .string()
      .nullable()
      .meta({ description: 'Null for unmatched money that never became a payment.' }),
    unmatchedPaymentId: z.string().nullable(),
    creditNoteId: z
      .string()
      .nullable()
      .meta({ description: 'Null for money that settled nothing, or came out of the balance.' }),
    provider: z
      .string()
      .meta({ description: '`manual` when somebody pays it back outside the platform.', example: 'sandbox' }),
    reference: z.string().meta({ description: 'Our name for it at the provider.' }),
    providerRefundId: z.string().nullable(),
    amount: AmountSchema,
    currency: CurrencySchema,
    status: z.enum(REFUND_STATUSES).meta({
      description:
        '`pending` until the provider, or for a manual one somebody, says that it was paid. A failed one can be tried again.',
    }),
    failureCode: z.string().nullable(),
    failureMessage: z.string().nullable(),
    note: z.string().nullable(),
    settledAt: MomentSchema.nullable(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Refund' });
export type RefundWire = z.infer<typeof RefundSchema>;

export const RefundListSchema = listOf(RefundSchema, 'RefundList');

/** The refund as callers see it. */
export function toRefundWire(row: Refund): RefundWire {
  return {
    object: 'refund',
    id: row.id,
    paymentId: row.paymentId,
    unmatchedPaymentId: row.unmatchedPaymentId,
    creditNoteId: row.creditNoteId,
    provider: row.provider,
    reference: row.reference,
    providerRefundId: row.providerRefundId,
    amount: toWireAmount(row.amount),
    currency: row.currency as RefundWire['currency'],
    status: row.status as RefundWire['status'],
    failureCode: row.failureCode,
    failureMessage: row.failureMessage,
    note: row.note,
    settledAt: row.settledAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
