import type { TaxRate } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { TaxComponentSchema, type TaxComponentWire } from './tax-components.js';

export const TaxRateSchema = z
  .object({
    object: z.literal('tax_rate'),
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    country: z.string(),
    region: z.string().nullable(),
    category: z.string(),
    components: z.array(TaxComponentSchema),
    active: z.boolean().meta({ description: 'Whether invoices take it.' }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'TaxRate' });
export type TaxRateWire = z.infer<typeof TaxRateSchema>;

export const TaxRateListSchema = listOf(TaxRateSchema, 'TaxRateList');

export const TaxPresetSchema = z
  .object({
    object: z.literal('tax_preset'),
    name: z.string(),
    country: z.string(),
    region: z.string().nullable(),
    category: z.string(),
    components: z.array(TaxComponentSchema),
  })
  .meta({ id: 'TaxPreset', description: 'What is taken in a country, to start from.' });

export const TaxPresetListSchema = z
  .object({ object: z.literal('list'), data: z.array(TaxPresetSchema) })
  .meta({ id: 'TaxPresetList' });

/** The tax rate as callers see it. */
export function toTaxRateWire(row: TaxRate): TaxRateWire {
  return {
    object: 'tax_rate',
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    country: row.country,
    region: row.region,
    category: row.category,
    components: row.components as unknown as TaxComponentWire[],
    active: row.active,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
