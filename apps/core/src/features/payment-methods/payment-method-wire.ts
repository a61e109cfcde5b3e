import type { PaymentMethod } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';

export const PaymentMethodSchema = z
  .object({
    object: z.literal('payment_method'),
    id: z.string(),
    customerId: z.string(),
    provider: z.string().meta({ example: 'sandbox' }),
    kind: z.string().meta({ example: 'card' }),
    label: z.string().meta({ example: 'Sandbox card that succeeds' }),
    isDefault: z
      .boolean()
      .meta({ description: 'Invoices that are charged automatically are charged to it.' }),
    createdAt: MomentSchema,
  })
  .meta({ id: 'PaymentMethod' });
export type PaymentMethodWire = z.infer<typeof PaymentMethodSchema>;

export const PaymentMethodListSchema = listOf(PaymentMethodSchema, 'PaymentMethodList');

/** The payment method as callers see it: what it can be charged with, the provider's token, stays inside. */
export function toPaymentMethodWire(row: PaymentMethod): PaymentMethodWire {
  return {
    object: 'payment_method',
    id: row.id,
    customerId: row.customerId,
    provider: row.provider,
    kind: row.kind,
    label: row.label,
    isDefault: row.isDefault,
    createdAt: row.createdAt.toISOString(),
  };
}
