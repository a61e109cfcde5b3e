import type { CurrencyCode } from '../../domain/money/currencies.js';
import type { Period } from '../../domain/calendar/periods.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';

export interface PayingFigures {
  readonly currency: CurrencyCode;
  readonly payingAtStart: number;
  readonly payingAtEnd: number;
  readonly churned: number;
  readonly mrr: bigint;
}

export interface CollectedFigures {
  readonly currency: CurrencyCode;
  readonly collected: bigint;
  readonly payers: number;
}

export interface AgeingFigures {
  readonly currency: CurrencyCode;
  readonly notDue: bigint;
  readonly days1To30: bigint;
  readonly days31To60: bigint;
  readonly days61To90: bigint;
  readonly over90: bigint;
  readonly total: bigint;
  readonly customers: number;
}

/** How many customers there are at the end of a time, and how many of them are new. */
export async function headCount(
  { db }: TenantContext,
  { start, end }: Period,
): Promise<{ customers: number; newCustomers: number }> {
  const [row] = await db.$queryRaw<{ customers: number; newCustomers: number }[]>`
    SELECT count(*)::int AS customers, count(*) FILTER (WHERE created_at >= ${start})::int AS "newCustomers"
    FROM customers WHERE created_at < ${end} AND (deleted_at IS NULL OR deleted_at >= ${end})`;
  return row ?? { customers: 0, newCustomers: 0 };
}

/** Who had recurring revenue when a time began and when it ended: the sums of what moved it. */
export function payingFigures({ db }: TenantContext, { start, end }: Period): Promise<PayingFigures[]> {
  return db.$queryRaw<PayingFigures[]>`
    WITH revenue AS (
      SELECT customer_id, currency, COALESCE(sum(delta) FILTER (WHERE occurred_at < ${start}), 0) AS before,
        sum(delta) AS after
      FROM mrr_movements WHERE occurred_at < ${end} GROUP BY customer_id, currency
    )
    SELECT currency, count(*) FILTER (WHERE before > 0)::int AS "payingAtStart",
      count(*) FILTER (WHERE after > 0)::int AS "payingAtEnd",
      count(*) FILTER (WHERE before > 0 AND after <= 0)::int AS churned, sum(after)::bigint AS mrr
    FROM revenue GROUP BY currency`;
}

/** What came in less what went back, and from how many. */
export function collectedFigures({ db }: TenantContext, { start, end }: Period): Promise<CollectedFigures[]> {
  return db.$queryRaw<CollectedFigures[]>`
    SELECT currency, sum(amount)::bigint AS collected, count(DISTINCT payer)::int AS payers
    FROM (
      SELECT currency, amount, customer_id AS payer
      FROM payments WHERE status = 'succeeded' AND succeeded_at >= ${start} AND succeeded_at < ${end}
      UNION ALL
      SELECT currency, -amount, NULL
      FROM refunds
      WHERE status = 'succeeded' AND payment_id IS NOT NULL AND settled_at >= ${start} AND settled_at < ${end}
    ) moved
    GROUP BY currency`;
}

/** Debts by how many whole days they are overdue at this moment. */
export function ageingFigures({ db, clock }: TenantContext): Promise<AgeingFigures[]> {
  return db.$queryRaw<AgeingFigures[]>`
    WITH debts AS (
      SELECT currency, customer_id, amount_due AS amount,
        COALESCE(ceil(extract(epoch FROM ${clock.now()}::timestamptz - due_at) / 86400), 0) AS days
      FROM invoices WHERE status = 'open' AND amount_due > 0
    )
    SELECT currency, sum(amount)::bigint AS total, count(DISTINCT customer_id)::int AS customers,
      COALESCE(sum(amount) FILTER (WHERE days <= 0), 0)::bigint AS "notDue",
      COALESCE(sum(amount) FILTER (WHERE days > 0 AND days <= 30), 0)::bigint AS "days1To30",
      COALESCE(sum(amount) FILTER (WHERE days > 30 AND days <= 60), 0)::bigint AS "days31To60",
      COALESCE(sum(amount) FILTER (WHERE days > 60 AND days <= 90), 0)::bigint AS "days61To90",
      COALESCE(sum(amount) FILTER (WHERE days > 90), 0)::bigint AS over90
    FROM debts GROUP BY currency`;
}
