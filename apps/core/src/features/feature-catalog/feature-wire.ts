import type { Feature } from '@nova/prisma-tenant';
import { z } from 'zod';

import type { FeatureKind } from '../../domain/entitlements/entitlement.js';
import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';

export const FEATURE_KINDS = ['switch', 'limit', 'quota'] as const satisfies readonly FeatureKind[];

export const FeatureKindSchema = z.enum(FEATURE_KINDS).meta({
  id: 'FeatureKind',
  description:
    '`switch` is on or off; `limit` is how much may be had at once; `quota` is used up and starts anew with its window.',
});

export const FeatureSchema = z
  .object({
    object: z.literal('feature'),
    id: z.string(),
    externalId: z.string().nullable(),
    code: z.string().meta({ description: 'What your program asks for.', example: 'export_pdf' }),
    name: z.string(),
    kind: FeatureKindSchema,
    unit: z.string().nullable(),
    meterId: z.string().nullable().meta({ description: 'The meter whose usage uses the quota up.' }),
    archivedAt: MomentSchema.nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Feature' });
export type FeatureWire = z.infer<typeof FeatureSchema>;

export const FeatureListSchema = listOf(FeatureSchema, 'FeatureList');

/** The feature as callers see it. */
export function toFeatureWire(row: Feature): FeatureWire {
  return {
    object: 'feature',
    id: row.id,
    externalId: row.externalId,
    code: row.code,
    name: row.name,
    // A text column with few values was checked on its way in, and the answer is checked against the schema.
    kind: row.kind as FeatureKind,
    unit: row.unit,
    meterId: row.meterId,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
