import type { Payment } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';

export const PAYMENT_STATUSES = ['created', 'pending', 'succeeded', 'failed'] as const;

export const PaymentSchema = z
  .object({
    object: z.literal('payment'),
    id: z.string(),
    invoiceId: z.string(),
    customerId: z.string(),
    paymentMethodId: z.string().nullable(),
    attempt: z.int().meta({ description: 'Counts the payments of the invoice.', example: 1 }),
    provider: z
      .string()
      .meta({ description: '`manual` for money that came outside the platform.', example: 'sandbox' }),
    reference: z.string().meta({ description: 'Our name for it at the provider.' }),
    providerPaymentId: z.string().nullable(),
    amount: AmountSchema,
    currency: CurrencySchema,
    status: z.enum(PAYMENT_STATUSES).meta({
      description:
        '`created` is being charged, or it is not known yet whether it was; `pending` is with the provider. Both end as `succeeded` or `failed`.',
    }),
    failureCode: z.string().nullable().meta({ example: 'insufficient_funds' }),
    failureMessage: z.string().nullable(),
    note: z.string().nullable(),
    succeededAt: MomentSchema.nullable(),
    failedAt: MomentSchema.nullable(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Payment' });
export type PaymentWire = z.infer<typeof PaymentSchema>;

export const PaymentListSchema = listOf(PaymentSchema, 'PaymentList');

/** The payment as callers see it. */
export function toPaymentWire(payment: Payment): PaymentWire {
  return {
    object: 'payment',
    id: payment.id,
    invoiceId: payment.invoiceId,
    customerId: payment.customerId,
    paymentMethodId: payment.paymentMethodId,
    attempt: payment.attempt,
    provider: payment.provider,
    reference: payment.reference,
    providerPaymentId: payment.providerPaymentId,
    amount: toWireAmount(payment.amount),
    currency: payment.currency as PaymentWire['currency'],
    status: payment.status as PaymentWire['status'],
    failureCode: payment.failureCode,
    failureMessage: payment.failureMessage,
    note: payment.note,
    succeededAt: payment.succeededAt?.toISOString() ?? null,
    failedAt: payment.failedAt?.toISOString() ?? null,
    createdAt: payment.createdAt.toISOString(),
    updatedAt: payment.updatedAt.toISOString(),
  };
}
