import type { Meter } from '@nova/prisma-tenant';
import { z } from 'zod';

import { AGGREGATIONS } from '../../domain/usage/meter-terms.js';
import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { meterTermsOf } from './meter-terms.js';
import { MeterFilterSchema, QuantityRoundingSchema } from './meters.schemas.js';

export const MeterSchema = z
  .object({
    object: z.literal('meter'),
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    eventName: z.string(),
    aggregation: z.enum(AGGREGATIONS),
    property: z.string().nullable(),
    filters: z.array(MeterFilterSchema),
    groupBy: z.array(z.string()),
    rounding: QuantityRoundingSchema.nullable(),
    unit: z.string().nullable(),
    active: z.boolean().meta({ description: 'Whether it takes events.' }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Meter' });
export type MeterWire = z.infer<typeof MeterSchema>;

export const MeterListSchema = listOf(MeterSchema, 'MeterList');

/** The meter as callers see it. */
export function toMeterWire(row: Meter): MeterWire {
  const { aggregation, property, filters, rounding } = meterTermsOf(row);
  return {
    object: 'meter',
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    eventName: row.eventName,
    aggregation,
    property,
    filters: filters.map((filter) => ({ ...filter, values: [...filter.values] })),
    groupBy: groupByOf(row),
    rounding,
    unit: row.unit,
    active: row.archivedAt === null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The properties by which a meter's usage can be told apart. */
export function groupByOf({ groupBy }: Pick<Meter, 'groupBy'>): string[] {
  return groupBy as string[];
}
