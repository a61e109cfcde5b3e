import type { PlanVersion, Price } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { type Commitments, CommitmentsSchema } from './commitments.js';
import { PriceSchema, toPriceWire } from './price-wire.js';

export const PlanVersionSchema = z
  .object({
    object: z.literal('plan_version'),
    planId: z.string(),
    number: z.int(),
    current: z.boolean().meta({ description: 'Whether new subscriptions get it.' }),
    description: z.string().nullable(),
    prices: z.array(PriceSchema),
    commitments: CommitmentsSchema,
    trialDays: z.int(),
    createdAt: MomentSchema,
  })
  .meta({
    id: 'PlanVersion',
    description: 'What a plan charged from a moment on. Subscriptions keep the version they were made with.',
  });
export type PlanVersionWire = z.infer<typeof PlanVersionSchema>;

export const PlanVersionListSchema = listOf(PlanVersionSchema, 'PlanVersionList');

/** A version with its prices, and whether it is the plan's current one. */
export type ShownVersion = PlanVersion & { prices: Price[]; current: boolean };

/** The version as callers see it. */
export function toVersionWire(row: ShownVersion): PlanVersionWire {
  return {
    object: 'plan_version',
    planId: row.planId,
    number: row.number,
    current: row.current,
    description: row.description,
    prices: row.prices.map(toPriceWire),
    commitments: row.commitments as Commitments,
    trialDays: row.trialDays,
    createdAt: row.createdAt.toISOString(),
  };
}
