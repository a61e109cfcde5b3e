import type { CurrencyCode } from '../../domain/money/currencies.js';
import { type TenantContext } from '../../tenancy/tenant-context.js';
import { boundsOf, type AnalyticsRange } from './analytics-range.js';
import type { MoneyWire, MrrWire } from './revenue.schemas.js';

export type MoneyFigure = keyof MoneyWire;
export type MrrFigure = Exclude<keyof MrrWire, 'start' | 'end'>;

/** What something came to in a part of a range, numbered from 1; 0 is all the time before the range. */
export interface Figure {
  readonly what: MoneyFigure | MrrFigure;
  readonly currency: CurrencyCode;
  readonly bucket: number;
  readonly amount: bigint;
}

/** What an open debt is by now. */
export interface Outstanding {
  readonly currency: CurrencyCode;
  readonly amount: bigint;
  readonly overdue: bigint;
  readonly invoices: number;
}

/**
 * Money by the moment at which it was billed, came or went: each row counts once, in one part of the range. Money that was
 * parked counts when it becomes a payment; what was returned without having been one has neither come nor gone back.
 */
export function moneyFigures({ db }: TenantContext, range: AnalyticsRange): Promise<Figure[]> {
  const { start, end } = range.whole;
  return db.$queryRaw<Figure[]>`
    WITH moved AS (
      SELECT CASE billing_reason WHEN 'wallet_top_up' THEN 'prepaid' ELSE 'billed' END AS what, currency,
        issued_at AS at, total AS amount
      FROM invoices WHERE issued_at >= ${start} AND issued_at < ${end}
      UNION ALL
      SELECT 'tax', currency, issued_at, tax_total
      FROM invoices WHERE issued_at >= ${start} AND issued_at < ${end} AND tax_total <> 0
      UNION ALL
      SELECT 'voided', currency, voided_at, total
      FROM invoices WHERE voided_at >= ${start} AND voided_at < ${end}
      UNION ALL
      SELECT 'writtenOff', currency, uncollectible_at, amount_due
      FROM invoices WHERE status = 'uncollectible' AND uncollectible_at >= ${start} AND uncollectible_at < ${end}
      UNION ALL
      SELECT 'credited', currency, issued_at, total
      FROM credit_notes WHERE issued_at >= ${start} AND issued_at < ${end}
      UNION ALL
      SELECT 'credited', currency, voided_at, -total
      FROM credit_notes WHERE voided_at >= ${start} AND voided_at < ${end}
      UNION ALL
      SELECT 'collected', currency, succeeded_at, amount
      FROM payments WHERE status = 'succeeded' AND succeeded_at >= ${start} AND succeeded_at < ${end}
      UNION ALL
      SELECT 'refunded', currency, settled_at, amount
      FROM refunds
      WHERE status = 'succeeded' AND payment_id IS NOT NULL AND settled_at >= ${start} AND settled_at < ${end}
    )
    SELECT what, currency, width_bucket(at, ${boundsOf(range)}::timestamptz[]) AS bucket, sum(amount)::bigint AS amount
    FROM moved GROUP BY what, currency, bucket`;
}

/** What moved the MRR, with all that moved it before the range. */
export function mrrFigures({ db }: TenantContext, range: AnalyticsRange): Promise<Figure[]> {
  return db.$queryRaw<Figure[]>`
    SELECT kind AS what, currency, width_bucket(occurred_at, ${boundsOf(range)}::timestamptz[]) AS bucket,
      sum(delta)::bigint AS amount
    FROM mrr_movements WHERE occurred_at < ${range.whole.end} GROUP BY kind, currency, bucket`;
}

/** What open invoices are to bring at this moment. */
export function outstanding({ db, clock }: TenantContext): Promise<Outstanding[]> {
  return db.$queryRaw<Outstanding[]>`
    SELECT currency, sum(amount_due)::bigint AS amount, count(*)::int AS invoices,
      COALESCE(sum(amount_due) FILTER (WHERE due_at < ${clock.now()}), 0)::bigint AS overdue
    FROM invoices WHERE status = 'open' GROUP BY currency`;
}
