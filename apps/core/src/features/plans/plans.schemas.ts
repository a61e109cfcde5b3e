import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { blockText, lineText } from '../../platform/wire/text.js';
import { CreatePriceSchema } from './prices.schemas.js';

/** A plan is answered with all its prices, so there is an end to them. */
export const PRICES_MAX = 100;

const name = lineText({ max: 200 }).describe('As invoices print it.');
const description = blockText({ max: 2_000 });
const externalId = externalIdSchema('plan').describe('Your own id of the plan, accepted wherever ours is.');

export const CreatePlanSchema = z
  .strictObject({
    name,
    externalId: externalId.optional(),
    description: description.optional(),
    prices: z.array(CreatePriceSchema).max(PRICES_MAX).default([]),
    metadata: MetadataSchema.default({}),
  })
  .meta({ id: 'CreatePlan' });
export type CreatePlan = z.infer<typeof CreatePlanSchema>;

export const UpdatePlanSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalId.nullable().optional(),
    description: description.nullable().optional(),
    active: z
      .boolean()
      .optional()
      .meta({ description: '`false` archives it: nobody new can subscribe, and who has it keeps it.' }),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdatePlan', description: 'A merge patch: what is named changes, null clears.' });
export type UpdatePlan = z.infer<typeof UpdatePlanSchema>;

export const ListPlansQuerySchema = listQuery({
  active: z.enum(['true', 'false']).optional(),
  externalId: externalIdSchema('plan').optional(),
});
export type ListPlansQuery = z.infer<typeof ListPlansQuerySchema>;
