import type { DunningPolicy } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { FinalActionSchema, readSteps, stepsJson, StepsSchema } from './dunning-step-wire.js';

export const DunningPolicySchema = z
  .object({
    object: z.literal('dunning_policy'),
    id: z.string(),
    name: z.string(),
    isDefault: z.boolean().meta({ description: 'The one of whoever has no other.' }),
    steps: StepsSchema,
    finalAction: FinalActionSchema,
    finalAfterDays: z.int().meta({ description: 'Days after dunning began.' }),
    archivedAt: MomentSchema.nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'DunningPolicy' });
export type DunningPolicyWire = z.infer<typeof DunningPolicySchema>;

export const DunningPolicyListSchema = listOf(DunningPolicySchema, 'DunningPolicyList');

/** The policy as callers see it. */
export function toDunningPolicyWire(row: DunningPolicy): DunningPolicyWire {
  return {
    object: 'dunning_policy',
    id: row.id,
    name: row.name,
    isDefault: row.isDefault,
    steps: stepsJson(readSteps(row.steps)),
    finalAction: row.finalAction as DunningPolicyWire['finalAction'],
    finalAfterDays: row.finalAfterDays,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
