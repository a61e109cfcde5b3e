import type { Feature, Prisma } from '@nova/prisma-tenant';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import type { FieldProblem } from '../../platform/errors/define-error.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockPlan, requirePlan } from '../plans/plans.repository.js';
import { featureArchived } from './features.errors.js';
import { findFeatures } from './features.repository.js';
import {
  type NewPlanFeature,
  type PlanGrants,
  type ReplacePlanFeatures,
  toPlanFeaturesWire,
} from './plan-features.schemas.js';
import { recordEvent } from '../events/record-event.js';

/**
 * What a version of a plan grants, by the features' codes; the present version unless another is named.
 * @throws notFound for the plan
 */
export async function readPlanFeatures(
  db: TenantReader,
  planReference: string,
  planVersion: number | null = null,
): Promise<PlanGrants> {
  const plan = await requirePlan(db, planReference);
  const asked = planVersion ?? plan.currentVersion;
  const features = await db.planFeature.findMany({
    where: { planId: plan.id, planVersion: asked },
    orderBy: { feature: { code: 'asc' } },
    include: { feature: true },
  });
  return { planId: plan.id, planVersion: asked, version: plan.version, features };
}

/**
 * Replaces what the present version of a plan grants. It counts at once for every subscription that has this version;
 * to change it for new ones only, publish a new version first.
 * @throws notFound, preconditionFailed, featureArchived, invalidRequest with a pointer to what does not fit its kind
 */
export async function replacePlanFeatures(
  ctx: TenantContext,
  planReference: string,
  { features }: ReplacePlanFeatures,
  expected: ExpectedVersions,
): Promise<PlanGrants> {
  return ctx.transaction(async (tx) => {
    const plan = await lockPlan(tx.db, planReference);
    checkVersion(expected, plan.version);
    const key = { planId: plan.id, planVersion: plan.currentVersion };
    const present = await tx.db.planFeature.findMany({ where: key, select: { featureId: true } });
    const has = new Set(present.map(({ featureId }) => featureId));
    const rows = await resolve(tx, features, has);
    await tx.db.planFeature.deleteMany({ where: key });
    await tx.db.planFeature.createMany({ data: rows.map((row) => ({ ...key, ...row })) });
    await tx.db.plan.update({
      where: { id: plan.id },
      data: { version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    const granted = await readPlanFeatures(tx.db, plan.id);
    await recordEvent(tx, ctx, {
      type: 'plan.features_changed',
      objectType: 'plan',
      objectId: plan.id,
      data: { object: toPlanFeaturesWire(granted) },
    });
    return granted;
  });
}

type Row = Omit<Prisma.PlanFeatureCreateManyInput, 'planId' | 'planVersion'>;

async function resolve(
  tx: TenantTransaction,
  named: readonly NewPlanFeature[],
  present: ReadonlySet<string>,
): Promise<Row[]> {
  const known = await findFeatures(
    tx.db,
    named.map(({ feature }) => feature),
  );
  const seen = new Set<string>();
  return named.map((input, index) => {
    const pointer = `/features/${index}`;
    const feature = known.get(input.feature);
    if (!feature)
      throw notFound('There is no such feature.', at(`${pointer}/feature`, 'not_found', 'is no feature'));
    if (seen.has(feature.id))
      throw invalidRequest(
        'A feature is named twice.',
        at(`${pointer}/feature`, 'duplicate', 'is named twice'),
      );
    seen.add(feature.id);
    if (feature.archivedAt && !present.has(feature.id))
      throw featureArchived(
        `Feature ${feature.code} is archived.`,
        at(`${pointer}/feature`, featureArchived.code, 'is archived'),
      );
    return rowOf(feature, input, pointer);
  });
}

/** A switch has no amount, a limit and a quota need one, and only a quota starts anew. */
function rowOf({ id, kind, code }: Feature, input: NewPlanFeature, pointer: string): Row {
  const { enabled, amount, reset } = input;
  const refuse = (key: string, message: string) =>
    invalidRequest(`${code}: ${key} ${message}.`, at(`${pointer}/${key}`, 'does_not_fit', message));
  if (kind === 'switch' && amount !== undefined)
    throw refuse('amount', 'makes no sense on a switch; leave it out');
  if (kind !== 'switch' && amount === undefined) throw refuse('amount', 'is needed; null is without limit');
  if (kind !== 'quota' && reset !== undefined) throw refuse('reset', 'is for quotas only; leave it out');
  return {
    featureId: id,
    enabled,
    amount: amount ?? null,
    reset: kind === 'quota' ? (reset ?? 'billing_period') : null,
  };
}

function at(pointer: string, code: string, message: string): { errors: FieldProblem[] } {
  return { errors: [{ pointer, code, message }] };
}
