import type { Subscription } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { loadBillables } from '../billing/load-billables.js';
import { applyAct } from './acts/apply-act.js';
import { loadScheduledChanges } from './changes/scheduled-changes.js';
import { planNext } from './plan-next.js';

/**
 * Lets happen to a subscription, whose row this transaction holds, what is due first by now: its end, a resumption, a
 * scheduled change, a start, the end of a trial, or a renewal.
 */
export async function applyDueEvent(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscription: Subscription,
): Promise<'applied' | 'nothing_due'> {
  const now = ctx.clock.now();
  if (subscription.nextBillingAt === null || subscription.nextBillingAt > now) return 'nothing_due';
  const [before] = await loadBillables(tx.db, [subscription]);
  if (!before) return 'nothing_due';
  const changes = await loadScheduledChanges(tx.db, subscription.id);
  const act = await planNext(ctx, tx.db, { before, changes });
  if (act === null || act.at > now) return 'nothing_due';
  await applyAct(ctx, tx, act);
  return 'applied';
}
