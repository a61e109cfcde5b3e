import { type Period, periodAt, periodIndexContaining } from '../../domain/calendar/periods.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';

/** Where the months of the calendar are counted from. */
const ANCHOR = '2001-01-01';

export interface CustomerMeter {
  readonly customerId: string;
  readonly meterId: string;
}

/** The time over which a customer's usage by a meter adds up now, and the subscription whose period it is. */
export interface CurrentWindow {
  readonly subscriptionId: string | null;
  readonly window: Period;
}

interface BilledRow {
  customer_id: string;
  meter_id: string;
  subscription_id: string;
  start: Date;
  end: Date;
}

/** The calendar month of a moment in a time zone. */
export function calendarMonth(now: Date, timeZone: string): Period {
  const cycle = { anchorDate: ANCHOR, interval: 'month' as const, count: 1, timeZone };
  return periodAt(cycle, periodIndexContaining(cycle, now));
}

/**
 * The present period of the subscription that bills each meter to its customer, the oldest where several do. Pairs that
 * nothing bills are not in the answer.
 */
export async function billingWindows(
  db: TenantReader,
  pairs: readonly CustomerMeter[],
  now: Date,
): Promise<Map<string, CurrentWindow>> {
  const rows = await db.$queryRaw<BilledRow[]>`
    SELECT DISTINCT ON (a.customer_id, a.meter_id)
      a.customer_id, a.meter_id, s.id AS subscription_id, s.current_period_start AS start, s.current_period_end AS end
    FROM unnest(${pairs.map(({ customerId }) => customerId)}::text[], ${pairs.map(({ meterId }) => meterId)}::text[])
      AS a (customer_id, meter_id)
    JOIN subscriptions s ON s.customer_id = a.customer_id AND s.status NOT IN ('scheduled', 'canceled')
    JOIN subscription_items i ON i.subscription_id = s.id
      AND (i.started_at IS NULL OR i.started_at <= ${now}) AND (i.ended_at IS NULL OR i.ended_at > ${now})
    JOIN prices p ON p.id = i.price_id AND p.meter_id = a.meter_id
    ORDER BY a.customer_id, a.meter_id, s.created_at, s.id`;
  return new Map(
    rows.map(({ customer_id, meter_id, subscription_id, start, end }) => [
      pairKey({ customerId: customer_id, meterId: meter_id }),
      { subscriptionId: subscription_id, window: { start, end } },
    ]),
  );
}

export function pairKey({ customerId, meterId }: CustomerMeter): string {
  return `${customerId} ${meterId}`;
}

/** The windows of all pairs: the billing period, or the customer's calendar month where nothing bills the meter. */
export async function currentWindows(
  ctx: Pick<TenantContext, 'db' | 'clock' | 'tenant'>,
  pairs: readonly (CustomerMeter & { timeZone: string | null })[],
): Promise<Map<string, CurrentWindow>> {
  const now = ctx.clock.now();
  const windows = await billingWindows(ctx.db, pairs, now);
  for (const pair of pairs) {
    if (windows.has(pairKey(pair))) continue;
    const window = calendarMonth(now, pair.timeZone ?? ctx.tenant.timeZone);
    windows.set(pairKey(pair), { subscriptionId: null, window });
  }
  return windows;
}
