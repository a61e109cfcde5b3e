import type { Dispute } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';

export const DISPUTE_STATUSES = ['open', 'under_review', 'won', 'lost'] as const;

export const DisputeSchema = z
  .object({
    object: z.literal('dispute'),
    id: z.string(),
    provider: z.string().meta({ example: 'stripe' }),
    providerDisputeId: z.string(),
    paymentId: z
      .string()
      .nullable()
      .meta({ description: 'Null when the payment is none of ours, or is not known yet.' }),
    status: z.enum(DISPUTE_STATUSES).meta({
      description:
        'In `open` the provider waits for your answer, in `under_review` for the bank’s. With `won` the money stays with you, with `lost` it went back.',
    }),
    reason: z.string().nullable().meta({ description: 'In the provider’s words.', example: 'fraudulent' }),
    amount: AmountSchema,
    currency: CurrencySchema,
    dueBy: MomentSchema.nullable().meta({ description: 'Until when the provider waits for your answer.' }),
    closedAt: MomentSchema.nullable(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Dispute' });
export type DisputeWire = z.infer<typeof DisputeSchema>;

export const DisputeListSchema = listOf(DisputeSchema, 'DisputeList');

/** The dispute as callers see it. */
export function toDisputeWire(row: Dispute): DisputeWire {
  return {
    object: 'dispute',
    id: row.id,
    provider: row.provider,
    providerDisputeId: row.providerDisputeId,
    paymentId: row.paymentId,
    status: row.status as DisputeWire['status'],
    reason: row.reason,
    amount: toWireAmount(row.amount),
    currency: row.currency as DisputeWire['currency'],
    dueBy: row.dueBy?.toISOString() ?? null,
    closedAt: row.closedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
