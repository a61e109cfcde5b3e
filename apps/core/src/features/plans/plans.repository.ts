import type { Plan, Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { toPlanWire, type PlanWire, type PlanWithPrices } from './plan-wire.js';
import type { ListPlansQuery } from './plans.schemas.js';
import { pricesOfVersions, termsOfVersions, type VersionKey } from './versions.repository.js';

/**
 * The plan by our id or the caller's.
 * @throws notFound
 */
export async function requirePlan(db: TenantReader, idOrExternalId: string): Promise<Plan> {
  const where = readReference('plan', idOrExternalId);
  const plan = where && (await db.plan.findUnique({ where }));
  if (!plan) throw notFound('There is no such plan.');
  return plan;
}

/**
 * The plan, kept from being deleted until the transaction ends: for writes that hang something on it.
 * @throws notFound
 */
export async function holdPlan(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Plan> {
  const { id } = await requirePlan(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM plans WHERE id = ${id} FOR KEY SHARE`;
  return requirePlan(db, id);
}

/**
 * The plan's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockPlan(db: Prisma.TransactionClient, idOrExternalId: string): Promise<Plan> {
  const { id } = await requirePlan(db, idOrExternalId);
  await db.$queryRaw`SELECT id FROM plans WHERE id = ${id} FOR UPDATE`;
  return requirePlan(db, id);
}

/** The plan of an id that is known to exist, with all that the wire shows of it. */
export async function readPlan(db: TenantReader, id: string): Promise<PlanWithPrices> {
  const plan = await db.plan.findUniqueOrThrow({ where: { id } });
  const key = currentVersionOf(plan);
  const [prices, terms] = [await pricesOfVersions(db, [key]), await termsOfVersions(db, [key])];
  return { ...plan, prices, terms: terms(key) };
}

function currentVersionOf(plan: Plan): VersionKey {
  return { planId: plan.id, number: plan.currentVersion };
}

async function withCurrentVersions(db: TenantReader, plans: readonly Plan[]): Promise<PlanWithPrices[]> {
  const keys = plans.map(currentVersionOf);
  const [prices, terms] = await Promise.all([pricesOfVersions(db, keys), termsOfVersions(db, keys)]);
  return plans.map((plan) => ({
    ...plan,
    prices: prices.filter(({ planId }) => planId === plan.id),
    terms: terms(currentVersionOf(plan)),
  }));
}

/** A page of plans, newest first unless asked otherwise. */
export function listPlans(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListPlansQuery,
): Promise<Page<PlanWire>> {
  const filters: Prisma.PlanWhereInput[] = [];
  if (query.active !== undefined) filters.push({ active: query.active === 'true' });
  if (query.kind !== undefined) filters.push({ kind: query.kind });
  if (query.externalId !== undefined) filters.push({ externalId: query.externalId });
  return paginate({
    query,
    cursors,
    fetch: async ({ where, orderBy, take }) =>
      withCurrentVersions(
        ctx.db,
        await ctx.db.plan.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
      ),
    toWire: toPlanWire,
  });
}
