import type { Payment } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';

export const PAYMENT_STATUSES = ['created', 'pending', 'requires_action', 'succeeded', 'failed'] as const;

export const PaymentSchema = z
  .object({
    object: z.literal('payment'),
    id: z.string(),
    invoiceId: z.string(),
    customerId: z.string(),
    paymentMethodId: z.string().nullable(),
    checkoutSessionId: z
      .string()
      .nullable()
      .meta({ description: 'The checkout session on whose page it is made.' }),
    attempt: z.int().meta({ description: 'Counts the payments of the invoice.', example: 1 }),
    provider: z
      .string()
      .meta({ description: '`manual` for money that came outside the platform.', example: 'sandbox' }),
    reference: z.string().meta({ description: 'Our name for it at the provider.' }),
    providerPaymentId: z.string().nullable(),
    amount: AmountSchema,
    excess: AmountSchema.meta({
      description: 'The part that was more than was due, and went to the customer’s balance.',
      example: 0,
    }),
    currency: CurrencySchema,
    status: z.enum(PAYMENT_STATUSES).meta({
      description:
        '`created` is being charged, or it is not known yet whether it was; `pending` is with the provider; with `requires_action` the customer has to do something at `actionUrl` first. All end as `succeeded` or `failed`.',
    }),
    actionUrl: z
      .string()
      .nullable()
      .meta({ description: 'Where the customer goes to allow the payment, or to make it.' }),
    receipt: z
      .string()
      .nullable()
      .meta({ description: 'What the payer has in hand: M-Pesa’s receipt number.' }),
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
    checkoutSessionId: payment.checkoutSessionId,
    attempt: payment.attempt,
    provider: payment.provider,
    reference: payment.reference,
    providerPaymentId: payment.providerPaymentId,
    amount: toWireAmount(payment.amount),
    excess: toWireAmount(payment.excess),
    currency: payment.currency as PaymentWire['currency'],
    status: statusOf(payment),
    actionUrl: payment.actionUrl,
    receipt: payment.receipt,
    failureCode: payment.failureCode,
    failureMessage: payment.failureMessage,
    note: payment.note,
    succeededAt: payment.succeededAt?.toISOString() ?? null,
    failedAt: payment.failedAt?.toISOString() ?? null,
    createdAt: payment.createdAt.toISOString(),
    updatedAt: payment.updatedAt.toISOString(),
  };
}

function statusOf({ status, actionUrl }: Payment): PaymentWire['status'] {
  return status === 'pending' && actionUrl !== null ? 'requires_action' : (status as PaymentWire['status']);
}
