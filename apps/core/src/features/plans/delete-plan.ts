import type { Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { planInUse } from './plans.errors.js';
import { toPlanWire } from './plan-wire.js';
import { lockPlan, readPlan } from './plans.repository.js';
import { recordChange } from '../events/record-change.js';

/**
 * Deletes a plan that nothing was ever sold with, its versions and their prices. One that was used is archived instead.
 * @throws notFound, preconditionFailed, planInUse
 */
export async function deletePlan(
  ctx: TenantContext,
  idOrExternalId: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { id, version } = await lockPlan(tx.db, idOrExternalId);
    checkVersion(expected, version);
    // A line or an item that is being written holds its price: it is waited for, and then seen below.
    await tx.db.$queryRaw`SELECT id FROM prices WHERE plan_id = ${id} ORDER BY id FOR UPDATE`;
    await refuseWhenUsed(tx.db, id);
    await recordChange(tx, ctx, 'plan.deleted', toPlanWire(await readPlan(tx.db, id)));
    await tx.db.planFeature.deleteMany({ where: { planId: id } });
    await tx.db.planVersion.deleteMany({ where: { planId: id } });
    await tx.db.price.deleteMany({ where: { planId: id } });
    await tx.db.plan.delete({ where: { id } });
  });
}

async function refuseWhenUsed(db: Prisma.TransactionClient, planId: string): Promise<void> {
  const refuse = (what: string) =>
    planInUse(`${what} refers to it. Archive it instead: PATCH {"active": false}.`);
  const subscription = await db.subscription.findFirst({
    // An add-on is sold with subscriptions of other plans.
    where: { OR: [{ planId }, { items: { some: { price: { planId } } } }] },
    select: { id: true },
  });
  if (subscription) throw refuse(`Subscription ${subscription.id}`);
  const line = await db.invoiceLine.findFirst({ where: { price: { planId } }, select: { invoiceId: true } });
  if (line) throw refuse(`Invoice ${line.invoiceId}`);
}
