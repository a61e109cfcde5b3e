import type { Price } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema, UnitAmountSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';

export const PRICE_MODELS = ['flat', 'per_unit'] as const;
export const PRICE_TYPES = ['recurring', 'one_time'] as const;
export const INTERVALS = ['day', 'week', 'month', 'quarter', 'year'] as const;

export const PriceSchema = z
  .object({
    object: z.literal('price'),
    id: z.string(),
    externalId: z.string().nullable(),
    planId: z.string(),
    name: z.string().nullable(),
    currency: CurrencySchema,
    model: z.enum(PRICE_MODELS),
    type: z.enum(PRICE_TYPES),
    unitAmount: UnitAmountSchema,
    interval: z.enum(INTERVALS).nullable(),
    intervalCount: z.int().nullable(),
    active: z.boolean().meta({ description: 'Whether it is offered to new subscriptions.' }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Price' });
export type PriceWire = z.infer<typeof PriceSchema>;

export const PriceListSchema = listOf(PriceSchema, 'PriceList');

/** The price as callers see it. */
export function toPriceWire(row: Price): PriceWire {
  return {
    object: 'price',
    id: row.id,
    externalId: row.externalId,
    planId: row.planId,
    name: row.name,
    // Text columns with few values were checked on their way in, and the answer is checked against the schema.
    currency: row.currency as PriceWire['currency'],
    model: row.model as PriceWire['model'],
    type: row.type as PriceWire['type'],
    unitAmount: row.unitAmount.toFixed(),
    interval: row.interval as PriceWire['interval'],
    intervalCount: row.intervalCount,
    active: row.active,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
