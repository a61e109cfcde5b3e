import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { LATE_USAGE_PATIENCE_MS } from '../usage/late-patience.js';
import { creditOverbilled } from './credit-overbilled.js';
import { takeLateUsage } from './late-usage.js';
import { planLateUsage } from './plan-late-usage.js';
import { writeInvoices } from './write-invoices.js';

const CUSTOMERS_AT_ONCE = 100;

/**
 * Bills late usage of customers of whom no billing is to come: their subscriptions have ended, or wait for somebody to
 * resume them. What others have used late stands on their next invoices.
 * @returns how many customers were looked at
 */
export async function billLeftoverUsage(ctx: TenantContext): Promise<number> {
  return ctx.transaction(async (tx) => {
    const known = new Date(ctx.clock.now().getTime() - LATE_USAGE_PATIENCE_MS);
    const rows = await tx.db.$queryRaw<{ customer_id: string }[]>`
      SELECT DISTINCT l.customer_id FROM usage_late l
      WHERE l.noted_at <= ${known} AND NOT EXISTS (
        SELECT FROM subscriptions s WHERE s.customer_id = l.customer_id AND s.next_billing_at IS NOT NULL)
      ORDER BY l.customer_id LIMIT ${CUSTOMERS_AT_ONCE}`;
    const customers = rows.map(({ customer_id }) => customer_id);
    if (customers.length === 0) return 0;
    await lockAccounts(tx.db, customers);
    const late = await takeLateUsage(tx, customers);
    await creditOverbilled(
      ctx,
      tx,
      late.flatMap(({ overbilled }) => overbilled),
    );
    await writeInvoices(ctx, tx, late.filter(({ charges }) => charges.length > 0).map(planLateUsage));
    return customers.length;
  });
}

/** The late usage that is to be billed first of customers of whom no billing is to come. */
export async function firstLeftoverUsage(db: TenantReader): Promise<FirstDue | null> {
  const [first] = await db.$queryRaw<{ customer_id: string; noted_at: Date }[]>`
    SELECT l.customer_id, l.noted_at FROM usage_late l
    WHERE NOT EXISTS (
      SELECT FROM subscriptions s WHERE s.customer_id = l.customer_id AND s.next_billing_at IS NOT NULL)
    ORDER BY l.noted_at, l.customer_id LIMIT 1`;
  return first
    ? { at: new Date(first.noted_at.getTime() + LATE_USAGE_PATIENCE_MS), id: first.customer_id }
    : null;
}
