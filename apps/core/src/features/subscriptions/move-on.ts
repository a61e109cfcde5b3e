import type { Subscription } from '@nova/prisma-tenant';

import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { duePeriodOf } from './due-period.js';
import { nextBilling } from './next-billing.js';

/**
 * Moves subscriptions that the transaction holds on to the period that is due, in one statement.
 * @param changeOf the earliest change that is scheduled for each
 * @returns their rows as they then stand
 */
export async function moveOn(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptions: readonly Subscription[],
  changeOf: (subscriptionId: string) => Date | null,
): Promise<Subscription[]> {
  const now = ctx.clock.now();
  const moved = subscriptions.map((subscription): Subscription => {
    const { index, start, end } = duePeriodOf(subscription);
    const verb = subscription.status === 'scheduled' ? 'start' : 'renew';
    const status = subscriptionStates.next(subscription.status, verb);
    const begun = { ...subscription, status, currentPeriodStart: start, currentPeriodEnd: end };
    const next = nextBilling(begun, changeOf(subscription.id));
    if (next) tx.due('billing', next.at);
    return {
      ...begun,
      periodIndex: index,
      nextBillingAt: next?.at ?? null,
      billingError: null,
      billingRetries: 0,
      version: subscription.version + 1,
      updatedAt: now,
    };
  });
  const rows = moved.map((row) => ({
    id: row.id,
    status: row.status,
    period_index: row.periodIndex,
    period_start: row.currentPeriodStart,
    period_end: row.currentPeriodEnd,
    next_billing_at: row.nextBillingAt,
  }));
  await tx.db.$executeRaw`
    UPDATE subscriptions s
    SET status = x.status, period_index = x.period_index, current_period_start = x.period_start,
      current_period_end = x.period_end, next_billing_at = x.next_billing_at, billing_error = NULL, billing_retries = 0,
      version = s.version + 1, updated_at = ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x (id text, status text, period_index int,
      period_start timestamptz, period_end timestamptz, next_billing_at timestamptz)
    WHERE s.id = x.id`;
  return moved;
}
