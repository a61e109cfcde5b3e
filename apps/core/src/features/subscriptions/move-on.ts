import type { Subscription } from '@nova/prisma-tenant';

import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { duePeriodOf } from './due-period.js';
import { loadChangeMoments, nextBilling } from './next-billing.js';

/** Moves subscriptions that the transaction holds on to the period that is due, in one statement. */
export async function moveOn(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptions: readonly Subscription[],
): Promise<void> {
  const changeOf = await loadChangeMoments(
    tx.db,
    subscriptions.map(({ id }) => id),
  );
  const rows = subscriptions.map((subscription) => {
    const { index, start, end } = duePeriodOf(subscription);
    const verb = subscription.status === 'scheduled' ? 'start' : 'renew';
    const status = subscriptionStates.next(subscription.status, verb);
    const moved = { ...subscription, status, currentPeriodStart: start, currentPeriodEnd: end };
    const next = nextBilling(moved, changeOf(subscription.id));
    if (next) tx.due('billing', next.at);
    return {
      id: subscription.id,
      status,
      period_index: index,
      period_start: start,
      period_end: end,
      next_billing_at: next?.at ?? null,
    };
  });
  await tx.db.$executeRaw`
    UPDATE subscriptions s
    SET status = x.status, period_index = x.period_index, current_period_start = x.period_start,
      current_period_end = x.period_end, next_billing_at = x.next_billing_at, billing_error = NULL, billing_retries = 0,
      version = s.version + 1, updated_at = ${ctx.clock.now()}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x (id text, status text, period_index int,
      period_start timestamptz, period_end timestamptz, next_billing_at timestamptz)
    WHERE s.id = x.id`;
}
