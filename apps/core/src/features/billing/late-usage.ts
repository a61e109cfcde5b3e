import type { Subscription } from '@nova/prisma-tenant';

import type { TenantTransaction } from '../../tenancy/tenant-context.js';
import { aggregateUsage } from '../usage/aggregate-usage.js';
import { type Billable, billedPeriodAt } from './billable.js';
import { loadBillables } from './load-billables.js';
import { type BilledOf, loadBilledUsage } from './load-billed-usage.js';
import type { RatedStretch } from './load-ended-periods.js';
import type { RatedPeriod } from './renewal-charges.js';
import { rateUsage, type UsageByKey, usageRequests } from './usage-charges.js';
import { usageDifference } from './usage-difference.js';

/** What events that came after their period was billed change of it. */
export interface LateUsage extends RatedPeriod {
  readonly subscription: Subscription;
}

interface BilledClaim {
  subscription_id: string;
  period_start: Date;
  period_end: Date;
}

/**
 * Rates again what customers were billed for before late events came, all of their subscriptions, and says what is to be
 * billed or given back. The notes of late events are taken away with it: whoever writes one meanwhile waits for this
 * transaction, and its event is left for the next billing. Drafts are left out, for they are rated again anyway: the
 * transaction holds the customers, so that none of their drafts is just being finalised by another, after its last count.
 */
export async function takeLateUsage(
  tx: TenantTransaction,
  customerIds: readonly string[],
): Promise<LateUsage[]> {
  const late = await tx.db.$queryRaw<{ customer_id: string; occurred_from: Date }[]>`
    WITH noted AS MATERIALIZED (
      SELECT customer_id, event_name FROM usage_late WHERE customer_id = ANY(${[...new Set(customerIds)]})
      ORDER BY customer_id COLLATE "C", event_name COLLATE "C" FOR UPDATE)
    DELETE FROM usage_late l USING noted
    WHERE l.customer_id = noted.customer_id AND l.event_name = noted.event_name
    RETURNING l.customer_id, l.occurred_from`;
  if (late.length === 0) return [];
  const claims = await tx.db.$queryRaw<BilledClaim[]>`
    SELECT p.subscription_id, p.period_start, p.period_end
    FROM (SELECT customer_id, min(occurred_from) AS since
          FROM jsonb_to_recordset(${JSON.stringify(late)}::jsonb)
            AS row (customer_id text, occurred_from timestamptz) GROUP BY customer_id) late
    JOIN subscriptions s USING (customer_id)
    JOIN billing_periods p ON p.subscription_id = s.id AND p.kind IN ('usage', 'final')
      AND p.period_end > late.since
    LEFT JOIN invoices i ON i.id = p.invoice_id
    WHERE coalesce(i.status, 'paid') NOT IN ('draft', 'void')
    ORDER BY p.subscription_id, p.period_start`;
  if (claims.length === 0) return [];
  return rateClaims(tx, claims);
}

async function rateClaims(tx: TenantTransaction, claims: readonly BilledClaim[]): Promise<LateUsage[]> {
  const subscriptions = await tx.db.subscription.findMany({
    where: { id: { in: [...new Set(claims.map(({ subscription_id }) => subscription_id))] } },
    orderBy: { id: 'asc' },
  });
  const billables = await loadBillables(tx.db, subscriptions);
  const byId = new Map(billables.map((billable) => [billable.subscription.id, billable]));
  const stretches = claims.flatMap(({ subscription_id, period_start, period_end }): RatedStretch[] => {
    const billable = byId.get(subscription_id);
    const period = { start: period_start, end: period_end };
    return billable ? [{ billable, billed: billedPeriodAt(billable, period) }] : [];
  });
  const usage = await aggregateUsage(
    tx.db,
    stretches.flatMap(({ billable, billed }) => usageRequests(billable, billed)),
  );
  const items = billables.flatMap((billable) => billable.items.map(({ row }) => row.id));
  const billedOf = await loadBilledUsage(tx.db, items);
  return billables.map((billable) => lateUsageOf(billable, { stretches, usage, billedOf }));
}

function lateUsageOf(
  billable: Billable,
  {
    stretches,
    usage,
    billedOf,
  }: { stretches: readonly RatedStretch[]; usage: UsageByKey; billedOf: BilledOf },
): LateUsage {
  const differences = stretches
    .filter((stretch) => stretch.billable === billable)
    .flatMap(({ billed }) => rateUsage(billable, billed, { usage, minimum: 'due' }))
    .map((ofItem) =>
      usageDifference(billable, ofItem, {
        billed: billedOf(ofItem.item.row.id, ofItem.window),
        kind: 'adjustment',
      }),
    );
  return {
    subscription: billable.subscription,
    // What came to nothing was billed as nothing and is no news.
    charges: differences.flatMap(({ charges }) => charges).filter(({ amount }) => amount !== 0n),
    overbilled: differences.flatMap(({ overbilled }) => overbilled),
  };
}
