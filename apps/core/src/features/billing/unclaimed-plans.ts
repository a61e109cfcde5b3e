import type { TenantReader } from '../../tenancy/tenant-context.js';
import type { InvoicePlan } from './invoice-plan.js';

/**
 * The plans of which nothing was billed before. Whoever claims holds the subscription's row, so that nobody claims in
 * between; the unique key on claims stands behind that for whoever forgets it.
 */
export async function unclaimedPlans(
  db: TenantReader,
  plans: readonly InvoicePlan[],
): Promise<readonly InvoicePlan[]> {
  const wanted = plans.flatMap(({ claims }, plan) =>
    claims.map(({ subscriptionId, kind, periodStart }) => ({
      plan,
      subscription_id: subscriptionId,
      kind,
      period_start: periodStart,
    })),
  );
  if (wanted.length === 0) return plans;
  const rows = await db.$queryRaw<{ plan: number }[]>`
    SELECT DISTINCT wanted.plan
    FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
      AS wanted (plan int, subscription_id text, kind text, period_start timestamptz)
    JOIN billing_periods p USING (subscription_id, kind, period_start)`;
  if (rows.length === 0) return plans;
  const claimed = new Set(rows.map(({ plan }) => plan));
  return plans.filter((_, index) => !claimed.has(index));
}
