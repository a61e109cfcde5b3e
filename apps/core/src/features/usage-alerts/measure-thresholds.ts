import type { Meter, UsageAlert } from '@nova/prisma-tenant';

import { type Decimal, toDecimal } from '../../domain/money/decimal.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readHolding } from '../entitlements/read-holdings.js';
import { aggregateUsage, type UsageRequest } from '../usage/aggregate-usage.js';
import { calendarMonth, currentWindows, pairKey } from '../usage/current-windows.js';
import { type Threshold, thresholdsOf } from './usage-alert-wire.js';

/** An alert that concerns a customer. */
export interface WatchedUsage {
  readonly alert: UsageAlert;
  readonly meter: Meter;
  readonly customer: { readonly id: string; readonly timeZone: string | null };
}

/** A threshold that a customer's usage has come to. */
export interface ReachedThreshold extends WatchedUsage {
  readonly threshold: Threshold;
  readonly quantity: Decimal;
  /** What the percentage is of; null for a quantity. */
  readonly limit: Decimal | null;
  readonly windowStart: Date;
}

/** The thresholds that are reached by now, whether they have fired or not. */
export async function measureThresholds(
  ctx: TenantContext,
  watched: readonly WatchedUsage[],
): Promise<ReachedThreshold[]> {
  const reached = await reachedQuantities(
    ctx,
    watched.filter((one) => has(one, 'quantity')),
  );
  for (const one of watched) {
    if (has(one, 'percentage')) reached.push(...(await reachedPercentages(ctx, one)));
  }
  return reached;
}

function has({ alert }: WatchedUsage, type: Threshold['type']): boolean {
  return thresholdsOf(alert).some((threshold) => threshold.type === type);
}

async function reachedQuantities(
  ctx: TenantContext,
  watched: readonly WatchedUsage[],
): Promise<ReachedThreshold[]> {
  if (watched.length === 0) return [];
  const now = ctx.clock.now();
  const pairs = watched.map(({ meter, customer }) => ({
    customerId: customer.id,
    meterId: meter.id,
    timeZone: customer.timeZone,
  }));
  const windows = await currentWindows(ctx, pairs);
  const requests = watched.map((one): UsageRequest => {
    const { alert, meter, customer } = one;
    const billing = windows.get(pairKey({ customerId: customer.id, meterId: meter.id }));
    const month = calendarMonth(now, customer.timeZone ?? ctx.tenant.timeZone);
    const isBilling = alert.window === 'billing_period' && billing !== undefined;
    return {
      key: requestKey(one),
      customerId: customer.id,
      subscriptionId: isBilling ? billing.subscriptionId : null,
      meter,
      window: isBilling ? billing.window : month,
      groupBy: [],
      events: 'none',
    };
  });
  const totals = await aggregateUsage(ctx.db, requests);
  return watched.flatMap((one, index) => {
    const quantity = totals.get(requestKey(one))?.[0]?.quantity;
    const windowStart = requests[index]?.window.start;
    if (!quantity || !windowStart) return [];
    return thresholdsOf(one.alert)
      .filter(({ type, value }) => type === 'quantity' && quantity.gte(toDecimal(value)))
      .map((threshold) => ({ ...one, threshold, quantity, limit: null, windowStart }));
  });
}

function requestKey({ alert, customer }: WatchedUsage): string {
  return `${alert.id} ${customer.id}`;
}

/** A quota without limit has no percentages, and neither has one that the customer has nothing of. */
async function reachedPercentages(ctx: TenantContext, one: WatchedUsage): Promise<ReachedThreshold[]> {
  const features = await ctx.db.feature.findMany({
    where: { meterId: one.meter.id, kind: 'quota', archivedAt: null },
    orderBy: { id: 'asc' },
    take: 1,
    select: { code: true },
  });
  const [feature] = features;
  if (!feature) return [];
  const holding = await readHolding(ctx, { customer: one.customer.id, feature: feature.code });
  const { limit } = holding.entitlement;
  const windowStart = holding.window?.start;
  if (!limit?.gt(0) || !windowStart) return [];
  const quantity = holding.used;
  return thresholdsOf(one.alert)
    .filter(
      ({ type, value }) => type === 'percentage' && quantity.times(100).gte(limit.times(toDecimal(value))),
    )
    .map((threshold) => ({ ...one, threshold, quantity, limit, windowStart }));
}
