import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { loadChangeMoments, nextBilling } from './next-billing.js';

/** Says anew when something happens next to a subscription whose row this transaction holds. */
export async function scheduleBilling(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptionId: string,
): Promise<void> {
  const changeOf = await loadChangeMoments(tx.db, [subscriptionId]);
  const subscription = await tx.db.subscription.findUniqueOrThrow({ where: { id: subscriptionId } });
  const next = nextBilling(subscription, changeOf(subscriptionId));
  tx.due('billing', next?.at ?? null);
  await tx.db.subscription.update({
    where: { id: subscriptionId },
    data: { nextBillingAt: next?.at ?? null, version: { increment: 1 }, updatedAt: ctx.clock.now() },
  });
}
