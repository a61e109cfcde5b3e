import { mrrMovement } from '../../../domain/mrr/mrr.js';
import type { TenantContext, TenantTransaction } from '../../../tenancy/tenant-context.js';
import { loadBillables } from '../../billing/load-billables.js';
import { loadDiscounts } from '../../billing/load-discounts.js';
import { subscriptionMrr } from './subscription-mrr.js';

/** What a subscription's MRR was when it was last worked out; its row is held by the transaction. */
interface LastMrr {
  readonly id: string;
  readonly mrr: bigint;
  readonly movements: number;
}

/**
 * Works out anew what subscriptions bring in a month, after they or their discounts have changed in this transaction, and
 * writes down by how much that has moved. It is compared with what was written last, under a lock that is taken before
 * anything is read: the same change told twice moves nothing, and two changes at once come to what both of them make.
 *
 * @param at since when it is so, on the tenant's clock
 */
export async function recordMrr(
  ctx: TenantContext,
  tx: TenantTransaction,
  { subscriptionIds, at }: { subscriptionIds: readonly string[]; at: Date },
): Promise<void> {
  if (subscriptionIds.length === 0) return;
  const last = await holdLast(ctx, tx, subscriptionIds);
  const subscriptions = await tx.db.subscription.findMany({ where: { id: { in: [...last.keys()] } } });
  const billables = await loadBillables(tx.db, subscriptions);
  const discountsOf = await loadDiscounts(
    tx.db,
    subscriptions.map(({ customerId }) => customerId),
    'read',
  );
  const rows = billables.flatMap((billable) => {
    const { id, customerId, planId, currency } = billable.subscription;
    const { mrr: before, movements } = last.get(id) ?? { mrr: 0n, movements: 0 };
    const after = subscriptionMrr(billable, discountsOf.get(customerId) ?? []);
    const movement = mrrMovement({ before, after, history: movements === 0 ? 'first' : 'earlier' });
    if (!movement) return [];
    const { kind, delta } = movement;
    const amounts = { delta: delta.toString(), mrr: after.toString() };
    return [{ id, number: movements + 1, customer: customerId, plan: planId, currency, kind, ...amounts }];
  });
  if (rows.length === 0) return;
  const now = ctx.clock.now();
  await tx.db.$executeRaw`
    WITH moved AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS m (id text, number int, customer text,
        plan text, currency text, kind text, delta bigint, mrr bigint)
    ), written AS (
      INSERT INTO mrr_movements (subscription_id, number, customer_id, plan_id, currency, kind, delta, mrr, occurred_at,
        created_at)
      SELECT id, number, customer, plan, currency, kind, delta, mrr, ${at}, ${now} FROM moved
    )
    UPDATE subscription_mrr s SET mrr = moved.mrr, movements = moved.number, updated_at = ${now}
    FROM moved WHERE s.subscription_id = moved.id`;
}

/**
 * The same for those among them of which nothing was ever worked out: that start now, or began before movements were
 * kept. Those count as new from their next period on.
 */
export async function recordFirstMrr(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptions: readonly { readonly id: string; readonly nextBillingAt: Date | null }[],
): Promise<void> {
  const ids = subscriptions.map(({ id }) => id);
  const rows = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM unnest(${ids}::text[]) AS g (id)
    WHERE NOT EXISTS (SELECT FROM subscription_mrr m WHERE m.subscription_id = g.id)`;
  const unknown = new Set(rows.map(({ id }) => id));
  const byMoment = new Map<number, string[]>();
  for (const { id, nextBillingAt } of subscriptions) {
    if (!unknown.has(id)) continue;
    const moment = (nextBillingAt ?? ctx.clock.now()).getTime();
    byMoment.set(moment, [...(byMoment.get(moment) ?? []), id]);
  }
  for (const [moment, subscriptionIds] of byMoment) {
    await recordMrr(ctx, tx, { subscriptionIds, at: new Date(moment) });
  }
}

async function holdLast(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptionIds: readonly string[],
): Promise<Map<string, LastMrr>> {
  const ids = [...new Set(subscriptionIds)];
  await tx.db.$executeRaw`
    INSERT INTO subscription_mrr (subscription_id, customer_id, currency, updated_at)
    SELECT id, customer_id, currency, ${ctx.clock.now()} FROM subscriptions WHERE id = ANY(${ids}) ORDER BY id
    ON CONFLICT (subscription_id) DO NOTHING`;
  const rows = await tx.db.$queryRaw<LastMrr[]>`
    SELECT subscription_id AS id, mrr, movements FROM subscription_mrr
    WHERE subscription_id = ANY(${ids}) ORDER BY subscription_id FOR UPDATE`;
  return new Map(rows.map((row) => [row.id, row]));
}
