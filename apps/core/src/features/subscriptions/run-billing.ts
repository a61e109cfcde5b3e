import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import { saysAway } from '../../platform/http/away.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { billPeriod } from './bill-period.js';
import { deferBilling } from './defer-billing.js';

/**
 * What one job may do at most, so that no tenant keeps a worker for long (ADR 0007). What is left is due still, and comes
 * back as another job, which ranks behind those of tenants whose work has just come due.
 */
const PERIODS_PER_RUN = 200;
const RUN_LIMIT_MS = 1_500;
const BATCH = 50;

/**
 * Bills every subscription that is due by the tenant's clock, the longest overdue first: one transaction a period,
 * so that a run that is killed has lost nothing, and periods that were missed are caught up one by one. May run
 * twice at once. A subscription that cannot be billed is put off with its error, and the others go on.
 */
export async function runBilling(
  ctx: TenantContext,
  { periodsMax = PERIODS_PER_RUN }: { periodsMax?: number } = {},
): Promise<void> {
  const passedOver = new Set<string>();
  const deadline = performance.now() + RUN_LIMIT_MS;
  for (let billed = 0; billed < periodsMax;) {
    const due = await readDue(ctx);
    const fresh = due.filter((id) => !passedOver.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) {
      if ((await billOne(ctx, id)) === 'passed_over') passedOver.add(id);
      billed++;
      if (performance.now() > deadline) return;
    }
  }
}

/** The subscription that is due first. Not an aggregate: Prisma's reads the whole table, this the index's first row. */
export async function firstBilling(db: TenantReader): Promise<FirstDue | null> {
  const first = await db.subscription.findFirst({
    where: { nextBillingAt: { not: null } },
    orderBy: [{ nextBillingAt: 'asc' }, { id: 'asc' }],
    select: { id: true, nextBillingAt: true },
  });
  return first?.nextBillingAt ? { at: first.nextBillingAt, id: first.id } : null;
}

async function readDue(ctx: TenantContext): Promise<string[]> {
  const rows = await ctx.db.subscription.findMany({
    where: { nextBillingAt: { lte: ctx.clock.now() } },
    orderBy: [{ nextBillingAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** When the database is away or awaits a migration, the subscription is not to blame: the whole job is tried again. */
async function billOne(ctx: TenantContext, id: string): Promise<'done' | 'passed_over'> {
  try {
    return await ctx.transaction((tx) => billIfDue(ctx, tx, id));
  } catch (error) {
    if (saysAway(error) || isSchemaBehind(error)) throw error;
    await deferBilling(ctx, id, error);
    return 'done';
  }
}

/** Another run may hold the row, or have billed it meanwhile: then there is nothing left to do here. */
async function billIfDue(
  ctx: TenantContext,
  tx: TenantTransaction,
  id: string,
): Promise<'done' | 'passed_over'> {
  const [row] = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM subscriptions WHERE id = ${id} AND next_billing_at <= ${ctx.clock.now()}
    FOR UPDATE SKIP LOCKED`;
  if (!row) return 'passed_over';
  const subscription = await tx.db.subscription.findUniqueOrThrow({ where: { id } });
  if (!subscription.cancelAtPeriodEnd) {
    await billPeriod(ctx, tx, subscription);
    return 'done';
  }
  await tx.db.subscription.update({
    where: { id },
    data: {
      status: subscriptionStates.next(subscription.status, 'cancel'),
      endedAt: subscription.currentPeriodEnd,
      nextBillingAt: null,
      billingError: null,
      version: { increment: 1 },
      updatedAt: ctx.clock.now(),
    },
  });
  return 'done';
}
