import { ProblemError } from '../../platform/errors/define-error.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createFeature } from '../feature-catalog/create-feature.js';
import { featureCodeTaken } from '../feature-catalog/features.errors.js';
import { replacePlanFeatures } from '../feature-catalog/plan-features.js';
import { createPlan } from '../plans/create-plan.js';
import { CreatePlanSchema } from '../plans/plans.schemas.js';
import {
  PLATFORM_CURRENCIES,
  PLATFORM_FEATURE_CODES,
  PLATFORM_FEATURES,
  PLATFORM_PLANS,
  type PlatformPlan,
} from './platform-plans.js';

/**
 * Makes the platform's features and plans where they are missing. What is there stays as the operator has it; a plan
 * that grants nothing at all is one whose making was cut off. May be done twice, and by several at once.
 */
export async function seedPlatformPlans(ctx: TenantContext): Promise<void> {
  for (const code of PLATFORM_FEATURE_CODES) {
    const { name, kind, unit } = PLATFORM_FEATURES[code];
    const known = await ctx.db.feature.findUnique({ where: { code }, select: { id: true } });
    if (!known) {
      await unlessTaken(featureCodeTaken.code, () =>
        createFeature(ctx, { code, name, kind, unit, metadata: {} }),
      );
    }
  }
  for (const [externalId, plan] of Object.entries(PLATFORM_PLANS)) await seedPlan(ctx, externalId, plan);
}

async function seedPlan(ctx: TenantContext, externalId: string, plan: PlatformPlan): Promise<void> {
  const known = await ctx.db.plan.findUnique({ where: { externalId }, include: { features: { take: 1 } } });
  if (!known) await unlessTaken(externalIdTaken.code, () => createPlan(ctx, planOf(externalId, plan)));
  if (known && known.features.length > 0) return;
  const features = PLATFORM_FEATURE_CODES.map((feature) => {
    const { reset } = PLATFORM_FEATURES[feature];
    return { feature, enabled: true, amount: plan.grants[feature], ...(reset ? { reset } : {}) };
  });
  await replacePlanFeatures(ctx, externalId, { features }, null);
}

/** The plan as a request would have it. */
function planOf(externalId: string, { name, description, prices }: PlatformPlan) {
  return CreatePlanSchema.parse({
    externalId,
    name,
    description,
    prices: PLATFORM_CURRENCIES.map((currency) => ({
      externalId: `${externalId}-${currency.toLowerCase()}`,
      currency,
      model: 'flat',
      type: 'recurring',
      unitAmount: prices[currency],
      interval: 'month',
    })),
  });
}

/** Another process may make the same at the same moment. */
async function unlessTaken(code: string, make: () => Promise<unknown>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.definition.code !== code) throw error;
  }
}
