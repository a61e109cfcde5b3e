import type { CheckoutSession, Payment } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { PaymentSchema, toPaymentWire } from '../payments/payment-wire.js';

export const CHECKOUT_SESSION_STATUSES = ['open', 'complete', 'expired'] as const;
export const SAVE_PAYMENT_METHOD = ['never', 'offered', 'always'] as const;

/** A session as events have it: what it is paid with has events of its own, and its page's address is for the customer. */
export const CheckoutSessionInEventSchema = z
  .object({
    object: z.literal('checkout_session'),
    id: z.string(),
    invoiceId: z.string(),
    customerId: z.string(),
    amount: AmountSchema.nullable().meta({
      description: 'What is to be paid; null for all that is due when it is paid.',
    }),
    currency: CurrencySchema,
    status: z.enum(CHECKOUT_SESSION_STATUSES).meta({
      description:
        '`complete` when what it asks for is paid; `expired` when its time, or its invoice, was over before. Money that comes late makes it `complete` after all.',
    }),
    savePaymentMethod: z.enum(SAVE_PAYMENT_METHOD),
    successUrl: z.string().nullable(),
    cancelUrl: z.string().nullable(),
    expiresAt: MomentSchema,
    completedAt: MomentSchema.nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'CheckoutSessionInEvent' });

export const CheckoutSessionSchema = CheckoutSessionInEventSchema.extend({
  url: z
    .string()
    .nullable()
    .meta({ description: 'The page to send the customer to, while the session is open.' }),
  payments: z.array(PaymentSchema).meta({ description: 'What was tried on its page, the first first.' }),
}).meta({ id: 'CheckoutSession' });
export type CheckoutSessionWire = z.infer<typeof CheckoutSessionSchema>;

export const CheckoutSessionListSchema = listOf(CheckoutSessionSchema, 'CheckoutSessionList');

export type CheckoutSessionWithPayments = CheckoutSession & { payments: Payment[] };

/** What to read with a session for the wire. */
export const WITH_PAYMENTS = { payments: { orderBy: { attempt: 'asc' } } } as const;

/** The session as events have it. */
export function toCheckoutSessionInEvent(
  session: CheckoutSession,
): z.infer<typeof CheckoutSessionInEventSchema> {
  return {
    object: 'checkout_session',
    id: session.id,
    invoiceId: session.invoiceId,
    customerId: session.customerId,
    amount: session.amount === null ? null : toWireAmount(session.amount),
    currency: session.currency as CheckoutSessionWire['currency'],
    status: session.status as CheckoutSessionWire['status'],
    savePaymentMethod: session.savesMethod as CheckoutSessionWire['savePaymentMethod'],
    successUrl: session.successUrl,
    cancelUrl: session.cancelUrl,
    expiresAt: session.expiresAt.toISOString(),
    completedAt: session.completedAt?.toISOString() ?? null,
    metadata: readMetadata(session.metadata),
    version: session.version,
    createdAt: session.createdAt.toISOString(),
    updatedAt: session.updatedAt.toISOString(),
  };
}

/** The session as callers see it. `url` is its page. */
export function toCheckoutSessionWire(
  session: CheckoutSessionWithPayments,
  url: string,
): CheckoutSessionWire {
  return {
    ...toCheckoutSessionInEvent(session),
    url: session.status === 'open' ? url : null,
    payments: session.payments.map(toPaymentWire),
  };
}
