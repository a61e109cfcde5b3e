import type { Feature, PlanFeature } from '@nova/prisma-tenant';
import { z } from 'zod';

import type { FeatureKind } from '../../domain/entitlements/entitlement.js';
import { QUOTA_RESETS, type QuotaReset } from '../../domain/entitlements/quota-window.js';
import { integerParam } from '../../platform/http/pagination.js';
import { FeatureKindSchema } from './feature-wire.js';

const FEATURES_MAX = 200;

/** How much of a limit or quota there is. */
export const FeatureAmountSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})(\.\d{1,12})?$/, 'Use a decimal such as "100" or "2.5"')
  .nullable()
  .meta({ description: 'A decimal; null is without limit.', example: '1000' });

export const QuotaResetSchema = z.enum(QUOTA_RESETS).meta({
  id: 'QuotaReset',
  description:
    'When the quota starts anew, in the customer’s time zone; `billing_period` goes by the subscription’s periods.',
});

const NewPlanFeatureSchema = z
  .strictObject({
    feature: z.string().min(1).max(255).meta({ description: 'Its id, its code or your external id.' }),
    enabled: z.boolean().default(true),
    amount: FeatureAmountSchema.optional().meta({
      description:
        'Needed for a limit or quota: a decimal, or null for without limit. Left out for a switch.',
    }),
    reset: QuotaResetSchema.optional().meta({
      description: 'Of a quota: `billing_period` unless given. Left out for others.',
    }),
  })
  .meta({ id: 'NewPlanFeature' });
export type NewPlanFeature = z.infer<typeof NewPlanFeatureSchema>;

export const ReplacePlanFeaturesSchema = z
  .strictObject({ features: z.array(NewPlanFeatureSchema).max(FEATURES_MAX) })
  .meta({ id: 'ReplacePlanFeatures', description: 'All that the plan’s present version grants.' });
export type ReplacePlanFeatures = z.infer<typeof ReplacePlanFeaturesSchema>;

export const PlanFeaturesQuerySchema = z.strictObject({
  version: integerParam({ min: 0, max: 1_000_000, default: 0 }).meta({
    description: 'Number of a version of the plan; the present one when absent or 0.',
  }),
});
export type PlanFeaturesQuery = z.infer<typeof PlanFeaturesQuerySchema>;

export const PlanFeaturesSchema = z
  .object({
    object: z.literal('plan_features'),
    planId: z.string(),
    planVersion: z.int().meta({ description: 'The version of the plan that grants this.' }),
    features: z.array(
      z
        .object({
          featureId: z.string(),
          code: z.string(),
          name: z.string(),
          kind: FeatureKindSchema,
          unit: z.string().nullable(),
          enabled: z.boolean(),
          amount: FeatureAmountSchema,
          reset: QuotaResetSchema.nullable(),
        })
        .meta({ id: 'PlanFeature' }),
    ),
    version: z.int().meta({ description: 'Of the plan, as its ETag has it.' }),
  })
  .meta({ id: 'PlanFeatures' });
export type PlanFeaturesWire = z.infer<typeof PlanFeaturesSchema>;

/** What a version of a plan grants, as it is stored. */
export interface PlanGrants {
  readonly planId: string;
  readonly planVersion: number;
  readonly version: number;
  readonly features: readonly (PlanFeature & { feature: Feature })[];
}

/** The same as callers see it. */
export function toPlanFeaturesWire({ planId, planVersion, version, features }: PlanGrants): PlanFeaturesWire {
  return {
    object: 'plan_features',
    planId,
    planVersion,
    features: features.map(({ feature, enabled, amount, reset }) => ({
      featureId: feature.id,
      code: feature.code,
      name: feature.name,
      kind: feature.kind as FeatureKind,
      unit: feature.unit,
      enabled,
      amount: amount?.toFixed() ?? null,
      reset: reset as QuotaReset | null,
    })),
    version,
  };
}
