import { z } from 'zod';

import { listQuery } from '../../platform/http/pagination.js';
import { externalIdSchema } from '../../platform/wire/external-id.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { blockText, lineText } from '../../platform/wire/text.js';
import { commitmentProblems, CommitmentsSchema } from './commitments.js';
import { PRICES_MAX, tierCount, TIERS_MAX } from './plan-limits.js';
import { PLAN_KINDS } from './plan-wire.js';
import { type CreatePrice, CreatePriceSchema } from './prices.schemas.js';

const TRIAL_DAYS_MAX = 730;

const name = lineText({ max: 200 }).describe('As invoices print it.');
const description = blockText({ max: 2_000 });
const externalId = externalIdSchema('plan').describe('Your own id of the plan, accepted wherever ours is.');
const prices = z
  .array(CreatePriceSchema)
  .max(PRICES_MAX)
  .superRefine((list: readonly CreatePrice[], check) => {
    const tiers = list.reduce((sum, { terms }) => sum + tierCount(terms), 0);
    const message = `must not have more than ${TIERS_MAX} tiers together`;
    if (tiers > TIERS_MAX) check.addIssue({ code: 'custom', path: [], message });
  });
const trialDays = z.int().min(0).max(TRIAL_DAYS_MAX).meta({
  description: 'Days that a new subscriber has for nothing, unless the subscription says otherwise.',
});

const dunningPolicyId = z
  .string()
  .min(1)
  .max(255)
  .describe('What is done about unpaid invoices of it, unless the customer has a policy of its own.');

const currenciesOf = (list: readonly CreatePrice[] = []) => new Set(list.map(({ currency }) => currency));

export const CreatePlanSchema = z
  .strictObject({
    name,
    externalId: externalId.optional(),
    description: description.optional(),
    kind: z.enum(PLAN_KINDS).default('base').meta({
      description:
        '`base` can be subscribed to; the prices of an `add_on` are items of subscriptions to other plans. Never changes.',
    }),
    prices: prices.default([]),
    commitments: CommitmentsSchema.default([]),
    trialDays: trialDays.default(0),
    dunningPolicyId: dunningPolicyId.optional(),
    metadata: MetadataSchema.default({}),
  })
  .superRefine((plan, check) => {
    const refuse = (path: (string | number)[], message: string) =>
      check.addIssue({ code: 'custom', path, message });
    for (const { index, message } of commitmentProblems(plan.commitments, currenciesOf(plan.prices))) {
      refuse(['commitments', index, 'currency'], message);
    }
    if (plan.kind === 'base') return;
    if (plan.trialDays > 0) refuse(['trialDays'], 'makes no sense on an add-on; leave it out');
    if (plan.commitments.length > 0) refuse(['commitments'], 'makes no sense on an add-on; leave it out');
  })
  .meta({ id: 'CreatePlan' });
export type CreatePlan = z.infer<typeof CreatePlanSchema>;

export const PublishVersionSchema = z
  .strictObject({
    description: description.optional().meta({ description: 'What is new in it.' }),
    prices: prices.min(1).optional().meta({
      description: 'Unless given, those of the present version that are offered, under new ids.',
    }),
    commitments: CommitmentsSchema.optional().meta({ description: 'As before unless given.' }),
    trialDays: trialDays.optional().meta({ description: 'As before unless given.' }),
  })
  .meta({
    id: 'PublishPlanVersion',
    description: 'What is left out is as in the present version. What plans grant of features is taken over.',
  });
export type PublishVersion = z.infer<typeof PublishVersionSchema>;

export const UpdatePlanSchema = z
  .strictObject({
    name: name.optional(),
    externalId: externalId.nullable().optional(),
    description: description.nullable().optional(),
    active: z
      .boolean()
      .optional()
      .meta({ description: '`false` archives it: nobody new can subscribe, and who has it keeps it.' }),
    dunningPolicyId: dunningPolicyId.nullable().optional(),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdatePlan', description: 'A merge patch: what is named changes, null clears.' });
export type UpdatePlan = z.infer<typeof UpdatePlanSchema>;

export const ListPlansQuerySchema = listQuery({
  active: z.enum(['true', 'false']).optional(),
  kind: z.enum(PLAN_KINDS).optional(),
  externalId: externalIdSchema('plan').optional(),
});
export type ListPlansQuery = z.infer<typeof ListPlansQuerySchema>;

export const ListVersionsQuerySchema = listQuery({});
export type ListVersionsQuery = z.infer<typeof ListVersionsQuerySchema>;
