import type { UnmatchedPayment } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';

export const UNMATCHED_REASONS = [
  'unknown_reference',
  'amount_differs',
  'currency_differs',
  'invoice_not_open',
  'unconfirmed',
] as const;
export type UnmatchedReason = (typeof UNMATCHED_REASONS)[number];

export const UNMATCHED_STATUSES = ['open', 'applied', 'returned', 'dismissed'] as const;

export const UnmatchedPaymentSchema = z
  .object({
    object: z.literal('unmatched_payment'),
    id: z.string(),
    provider: z.string().meta({ example: 'mpesa' }),
    providerPaymentId: z.string(),
    reason: z.enum(UNMATCHED_REASONS).meta({
      description:
        '`unknown_reference` names no invoice; `amount_differs` and `currency_differs` are other money than was asked for; `invoice_not_open` came when its invoice could take none; `unconfirmed` is not in the provider’s own books, or not yet.',
    }),
    reference: z.string().nullable().meta({
      description: 'Our reference, or what the payer wrote as what is paid.',
      example: 'INV-2026-7',
    }),
    paymentId: z.string().nullable().meta({ description: 'Of our own attempts, the one that it came by.' }),
    invoiceId: z.string().nullable(),
    customerId: z.string().nullable(),
    amount: AmountSchema,
    currency: CurrencySchema,
    receipt: z.string().nullable(),
    payer: z.string().nullable(),
    status: z.enum(UNMATCHED_STATUSES).meta({
      description: '`open` until somebody says what becomes of it. One whose return fails is open again.',
    }),
    resolution: z
      .string()
      .nullable()
      .meta({ description: 'The payment, the refund or the reason that it ended with.' }),
    resolvedAt: MomentSchema.nullable(),
    version: z.int().positive(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'UnmatchedPayment' });
export type UnmatchedPaymentWire = z.infer<typeof UnmatchedPaymentSchema>;

export const UnmatchedPaymentListSchema = listOf(UnmatchedPaymentSchema, 'UnmatchedPaymentList');

/** Money that was parked, as callers see it. */
export function toUnmatchedPaymentWire(row: UnmatchedPayment): UnmatchedPaymentWire {
  return {
    object: 'unmatched_payment',
    id: row.id,
    provider: row.provider,
    providerPaymentId: row.providerPaymentId,
    reason: row.reason as UnmatchedReason,
    reference: row.reference,
    paymentId: row.paymentId,
    invoiceId: row.invoiceId,
    customerId: row.customerId,
    amount: toWireAmount(row.amount),
    currency: row.currency as UnmatchedPaymentWire['currency'],
    receipt: row.receipt,
    payer: row.payer,
    status: row.status as UnmatchedPaymentWire['status'],
    resolution: row.resolution,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
