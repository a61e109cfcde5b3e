import { z } from 'zod';

import { DAYS_MAX, STANDARD_STEPS } from '../../domain/dunning/dunning-policy.js';
import { listQuery } from '../../platform/http/pagination.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { FinalActionSchema, stepsJson, StepsSchema } from './dunning-step-wire.js';

const name = lineText({ max: 200 });
const finalAfterDays = z.int().min(0).max(DAYS_MAX);

export const CreateDunningPolicySchema = z
  .strictObject({
    name: name.default('Standard'),
    isDefault: z.boolean().optional().meta({
      description:
        'Takes the place of the policy that was the default one. Your first policy is the default one unless you say no.',
    }),
    steps: StepsSchema.default(stepsJson(STANDARD_STEPS)),
    finalAction: FinalActionSchema.default('none'),
    finalAfterDays: finalAfterDays
      .optional()
      .meta({ description: 'Later than the last step; a week after it unless given.' }),
    metadata: MetadataSchema.default({}),
  })
  .prefault({})
  .meta({ id: 'CreateDunningPolicy' });
export type CreateDunningPolicy = z.infer<typeof CreateDunningPolicySchema>;

export const UpdateDunningPolicySchema = z
  .strictObject({
    name: name.optional(),
    isDefault: z
      .boolean()
      .optional()
      .meta({ description: '`true` takes the place of the policy that was; `false` leaves none.' }),
    steps: StepsSchema.optional().meta({ description: 'Replaces all of them.' }),
    finalAction: FinalActionSchema.optional(),
    finalAfterDays: finalAfterDays.optional(),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({
    id: 'UpdateDunningPolicy',
    description: 'A merge patch. Dunning that has begun goes on by the steps that it began with.',
  });
export type UpdateDunningPolicy = z.infer<typeof UpdateDunningPolicySchema>;

export const ListDunningPoliciesQuerySchema = listQuery({
  archived: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Those that were archived, instead of those that are not.' }),
});
export type ListDunningPoliciesQuery = z.infer<typeof ListDunningPoliciesQuerySchema>;

export const StartDunningSchema = z
  .strictObject({
    policyId: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: 'The customer’s, the plan’s or the default one unless given.' }),
  })
  .prefault({})
  .meta({ id: 'StartDunning' });
export type StartDunning = z.infer<typeof StartDunningSchema>;
