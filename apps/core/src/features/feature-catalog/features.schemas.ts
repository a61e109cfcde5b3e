import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { FeatureKindSchema } from './feature-wire.js';

export const FEATURE_CODE = /^[a-z][a-z0-9_.-]{0,63}$/;

/** What the tenant's own program calls a feature; it cannot look like one of our ids. */
export const FeatureCodeSchema = z
  .string()
  .regex(FEATURE_CODE, 'must be 1 to 64 lower-case letters, digits or _.- and start with a letter')
  .regex(/^(?!feat_)/, 'must not start with "feat_", which our own ids do')
  .meta({ description: 'Unique; what your program asks for.', example: 'export_pdf' });

const name = lineText({ max: 200 });
const unit = lineText({ max: 50 }).describe('What one of it is called: seat, GB, message.');

export const CreateFeatureSchema = z
  .strictObject({
    code: FeatureCodeSchema,
    name,
    externalId: externalIdSchema('feat').optional(),
    kind: FeatureKindSchema,
    unit: unit.optional(),
    meterId: lineText({ max: 255 }).optional().meta({
      description: 'Of a quota: usage of this meter uses it up, instead of consuming it.',
    }),
    metadata: MetadataSchema.default({}),
  })
  .superRefine(({ kind, meterId, unit: named }, check) => {
    const refuse = (key: string, message: string) => check.addIssue({ code: 'custom', path: [key], message });
    if (meterId !== undefined && kind !== 'quota') refuse('meterId', 'is for quotas only; leave it out');
    if (named !== undefined && kind === 'switch') refuse('unit', 'makes no sense on a switch; leave it out');
  })
  .meta({ id: 'CreateFeature' });
export type CreateFeature = z.infer<typeof CreateFeatureSchema>;

export const UpdateFeatureSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalIdSchema('feat').nullable().optional(),
    unit: unit.nullable().optional(),
    archived: z
      .boolean()
      .optional()
      .meta({ description: '`true` offers it to no further plan; plans that have it go on granting it.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateFeature', description: 'A merge patch: what is named changes, null clears.' });
export type UpdateFeature = z.infer<typeof UpdateFeatureSchema>;

export const ListFeaturesQuerySchema = listQuery({
  kind: FeatureKindSchema.optional(),
  code: FeatureCodeSchema.optional(),
  externalId: externalIdSchema('feat').optional(),
  archived: z.enum(['true', 'false']).optional(),
});
export type ListFeaturesQuery = z.infer<typeof ListFeaturesQuerySchema>;
