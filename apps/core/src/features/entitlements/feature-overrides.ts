import type { Feature, FeatureOverride } from '@nova/prisma-tenant';
import { z } from 'zod';

import type { FeatureKind } from '../../domain/entitlements/entitlement.js';
import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { MomentInputSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { holdCustomer, requireCustomer } from '../customers/customers.repository.js';
import { FeatureKindSchema } from '../feature-catalog/feature-wire.js';
import { requireFeature } from '../feature-catalog/features.repository.js';
import { FeatureAmountSchema } from '../feature-catalog/plan-features.schemas.js';
import { recordEvent } from '../events/record-event.js';

export const SetFeatureOverrideSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    amount: FeatureAmountSchema.optional().meta({
      description:
        'Needed for a limit or quota: a decimal, or null for without limit. Left out for a switch.',
    }),
    expiresAt: MomentInputSchema.nullable().optional().meta({
      description: 'When the plans’ own word counts again; never unless given.',
    }),
  })
  .meta({ id: 'SetFeatureOverride' });
export type SetFeatureOverride = z.infer<typeof SetFeatureOverrideSchema>;

export const FeatureOverrideSchema = z
  .object({
    object: z.literal('feature_override'),
    customerId: z.string(),
    featureId: z.string(),
    feature: z.string().meta({ description: 'The feature’s code.' }),
    kind: FeatureKindSchema,
    enabled: z.boolean(),
    amount: FeatureAmountSchema,
    expiresAt: MomentSchema.nullable(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'FeatureOverride' });
export type FeatureOverrideWire = z.infer<typeof FeatureOverrideSchema>;

/** Whose override of what: both by our id or the caller's. */
export interface OverridePath {
  readonly customer: string;
  readonly feature: string;
}

type ShownOverride = FeatureOverride & { feature: Feature };

/**
 * Gives one customer something else of a feature than its plans do, from now on and, if it says so, until some moment.
 * @throws notFound, invalidRequest with a pointer to what does not fit the feature's kind
 */
export async function setFeatureOverride(
  ctx: TenantContext,
  path: OverridePath,
  input: SetFeatureOverride,
): Promise<ShownOverride> {
  const now = ctx.clock.now();
  return ctx.transaction(async (tx) => {
    const customer = await holdCustomer(tx.db, path.customer);
    const feature = await requireFeature(tx.db, path.feature);
    const granted = grantOf(feature, input, now);
    const key = { customerId: customer.id, featureId: feature.id };
    const override = await tx.db.featureOverride.upsert({
      where: { customerId_featureId: key },
      create: { ...key, ...granted, createdAt: now },
      update: granted,
    });
    await touch(tx, customer.id, now);
    await recordOverride(ctx, tx, 'entitlement.override_set', { ...override, feature });
    return { ...override, feature };
  });
}

/**
 * Takes an override back: what the customer's plans say counts again.
 * @throws notFound
 */
export async function deleteFeatureOverride(ctx: TenantContext, path: OverridePath): Promise<void> {
  await ctx.transaction(async (tx) => {
    const customer = await requireCustomer(tx.db, path.customer);
    const feature = await requireFeature(tx.db, path.feature);
    const key = { customerId: customer.id, featureId: feature.id };
    const override = await tx.db.featureOverride.findUnique({ where: { customerId_featureId: key } });
    const { count } = await tx.db.featureOverride.deleteMany({ where: key });
    if (!override || count === 0) throw notFound('The customer has no override of this feature.');
    await recordOverride(ctx, tx, 'entitlement.override_removed', { ...override, feature });
    await touch(tx, customer.id, ctx.clock.now());
  });
}

async function recordOverride(
  ctx: TenantContext,
  tx: TenantTransaction,
  type: 'entitlement.override_set' | 'entitlement.override_removed',
  override: ShownOverride,
): Promise<void> {
  await recordEvent(tx, ctx, {
    type,
    objectType: 'customer',
    objectId: override.customerId,
    data: { object: toFeatureOverrideWire(override) },
  });
}

/** Whoever follows what changes about customers sees it by that; what is said of the customer itself stays. */
async function touch(tx: TenantTransaction, customerId: string, now: Date): Promise<void> {
  await tx.db.customer.update({ where: { id: customerId }, data: { updatedAt: now } });
}

function grantOf({ code, kind }: Feature, { enabled, amount, expiresAt }: SetFeatureOverride, now: Date) {
  const refuse = (key: string, message: string) =>
    invalidRequest(`${code}: ${key} ${message}.`, {
      errors: [{ pointer: `/${key}`, code: 'does_not_fit', message }],
    });
  if (kind === 'switch' && amount !== undefined)
    throw refuse('amount', 'makes no sense on a switch; leave it out');
  if (kind !== 'switch' && amount === undefined) throw refuse('amount', 'is needed; null is without limit');
  const ends = typeof expiresAt === 'string' ? new Date(expiresAt) : null;
  if (ends && ends <= now) throw refuse('expiresAt', 'must not lie in the past');
  return { enabled, amount: amount ?? null, expiresAt: ends };
}

/** The override as callers see it. */
export function toFeatureOverrideWire(row: ShownOverride): FeatureOverrideWire {
  return {
    object: 'feature_override',
    customerId: row.customerId,
    featureId: row.featureId,
    feature: row.feature.code,
    kind: row.feature.kind as FeatureKind,
    enabled: row.enabled,
    amount: row.amount?.toFixed() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
