import type { Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toFeatureWire } from './feature-wire.js';
import { featureInUse } from './features.errors.js';
import { lockFeature } from './features.repository.js';

/**
 * Deletes a feature that no version of a plan ever granted and nobody has used. Others are archived.
 * @throws notFound, preconditionFailed, featureInUse
 */
export async function deleteFeature(
  ctx: TenantContext,
  reference: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const feature = await lockFeature(tx.db, reference);
    checkVersion(expected, feature.version);
    await refuseWhenUsed(tx.db, feature.id);
    await tx.db.feature.delete({ where: { id: feature.id } });
    await recordChange(tx, ctx, 'feature.deleted', toFeatureWire(feature));
  });
}

async function refuseWhenUsed(db: Prisma.TransactionClient, featureId: string): Promise<void> {
  const refuse = (what: string) =>
    featureInUse(`${what} refers to it. Archive it instead: PATCH {"archived": true}.`);
  const plan = await db.planFeature.findFirst({ where: { featureId }, select: { planId: true } });
  if (plan) throw refuse(`Plan ${plan.planId}`);
  const override = await db.featureOverride.findFirst({ where: { featureId }, select: { customerId: true } });
  if (override) throw refuse(`An override of customer ${override.customerId}`);
  const use = await db.featureConsumption.findFirst({ where: { featureId }, select: { customerId: true } });
  if (use) throw refuse(`What customer ${use.customerId} has consumed`);
}
