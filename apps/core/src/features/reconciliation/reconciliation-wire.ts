import type { Reconciliation } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';

const ReconciliationSchema = z
  .object({
    object: z.literal('reconciliation'),
    provider: z.string().meta({ example: 'paystack' }),
    reconciledUntil: MomentSchema.meta({
      description: 'In real time: until when every charge in the provider’s books was looked for in ours.',
    }),
    since: MomentSchema.meta({ description: 'In real time: what was paid before is not looked for.' }),
    nextAt: MomentSchema.meta({ description: 'On your clock.' }),
    failures: z.int().meta({ description: 'How often the provider could not be asked since.' }),
    lastError: z.string().nullable(),
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Reconciliation' });
type ReconciliationWire = z.infer<typeof ReconciliationSchema>;

export const ReconciliationListSchema = z
  .object({ object: z.literal('list'), data: z.array(ReconciliationSchema) })
  .meta({ id: 'ReconciliationList' });

/** Where the comparison with a provider stands, as callers see it. */
export function toReconciliationWire(row: Reconciliation): ReconciliationWire {
  const { provider, reconciledUntil, since, nextAt, failures, lastError, updatedAt } = row;
  return {
    object: 'reconciliation',
    provider,
    reconciledUntil: reconciledUntil.toISOString(),
    since: since.toISOString(),
    nextAt: nextAt.toISOString(),
    failures,
    lastError,
    updatedAt: updatedAt.toISOString(),
  };
}
