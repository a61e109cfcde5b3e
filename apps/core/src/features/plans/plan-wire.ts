import type { Plan, Price } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { PriceSchema, toPriceWire } from './price-wire.js';

export const PlanSchema = z
  .object({
    object: z.literal('plan'),
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    description: z.string().nullable(),
    active: z.boolean().meta({ description: 'Whether it can be subscribed to.' }),
    prices: z.array(PriceSchema).meta({ description: 'All of them, in the order they were made.' }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Plan' });
export type PlanWire = z.infer<typeof PlanSchema>;

export const PlanListSchema = listOf(PlanSchema, 'PlanList');

/** A plan as the wire has it: with its prices. */
export type PlanWithPrices = Plan & { prices: Price[] };

/** The plan as callers see it. */
export function toPlanWire(row: PlanWithPrices): PlanWire {
  return {
    object: 'plan',
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    description: row.description,
    active: row.active,
    prices: row.prices.map(toPriceWire),
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
