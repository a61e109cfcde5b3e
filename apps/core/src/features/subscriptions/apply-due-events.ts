import type { Subscription } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { loadBillables } from '../billing/load-billables.js';
import { applyAct } from './acts/apply-act.js';
import { loadScheduledChanges } from './changes/scheduled-changes.js';
import { planNext } from './plan-next.js';

/** More than can fall on one moment; what is left then stays due. */
const ACTS_MAX = 20;

/**
 * Lets everything happen to a subscription, whose row this transaction holds, that is due by now: an end, a resumption, a
 * scheduled change, a start, the end of a trial, renewals. Each finds the subscription as the one before has left it.
 */
export async function applyDueEvents(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<void> {
  const now = ctx.clock.now();
  for (let count = 0; count < ACTS_MAX; count++) {
    const row = await tx.db.subscription.findUniqueOrThrow({ where: { id: subscription.id } });
    if (row.nextBillingAt === null || row.nextBillingAt > now) return;
    const [before] = await loadBillables(tx.db, [row]);
    if (!before) return;
    const changes = await loadScheduledChanges(tx.db, row.id);
    const act = await planNext(ctx, tx.db, { before, changes });
    if (act === null || act.at > now) return;
    await applyAct(ctx, tx, act);
  }
}
