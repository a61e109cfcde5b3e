import type { TenantContext, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { recordMrr } from './record-mrr.js';

/** Whoever changes what discounts a customer has says so: MRR is after those that go on. */
export async function discountsChanged(
  ctx: TenantContext,
  tx: TenantTransaction,
  customerIds: Iterable<string>,
): Promise<void> {
  const at = ctx.clock.now().toISOString();
  await tx.enqueueAll(
    'mrr.refresh',
    [...new Set(customerIds)].map((customerId) => ({ customerId, at })),
  );
}

/**
 * Works out the MRR of a customer's subscriptions anew. A job of its own, since discounts are used up by transactions
 * that hold other rows for many customers. May run twice.
 */
export async function refreshMrr(
  ctx: TenantContext,
  { customerId, at }: { customerId: string; at: string },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const subscriptions = await tx.db.subscription.findMany({
      where: { customerId, status: { in: ['active', 'paused', 'trialing'] } },
      select: { id: true },
    });
    const subscriptionIds = subscriptions.map(({ id }) => id);
    await recordMrr(ctx, tx, { subscriptionIds, at: new Date(at) });
  });
}
