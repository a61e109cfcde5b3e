import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { aggregateUsage } from './aggregate-usage.js';
import { currentWindows, pairKey } from './current-windows.js';
import type { CustomerUsageWire } from './usage-queries.schemas.js';

const METERS_MAX = 100;

/**
 * What a customer has used so far by each active meter: in the present period of the subscription that bills it, or in the
 * calendar month.
 * @throws notFound
 */
export async function readCustomerUsage(ctx: TenantContext, reference: string): Promise<CustomerUsageWire> {
  const customer = await requireCustomer(ctx.db, reference);
  const meters = await ctx.db.meter.findMany({
    where: { archivedAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: METERS_MAX,
  });
  const pairs = meters.map(({ id }) => ({
    customerId: customer.id,
    meterId: id,
    timeZone: customer.timeZone,
  }));
  const windows = await currentWindows(ctx, pairs);
  const counted = meters.flatMap((meter) => {
    const current = windows.get(pairKey({ customerId: customer.id, meterId: meter.id }));
    return current ? [{ meter, ...current }] : [];
  });
  const totals = await aggregateUsage(
    ctx.db,
    counted.map(({ meter, subscriptionId, window }) => ({
      key: meter.id,
      customerId: customer.id,
      subscriptionId,
      meter,
      window,
      groupBy: [],
      events: 'none' as const,
    })),
  );
  return {
    object: 'customer_usage',
    customerId: customer.id,
    data: counted.map(({ meter, subscriptionId, window }) => {
      const total = totals.get(meter.id)?.[0];
      return {
        meterId: meter.id,
        meterName: meter.name,
        eventName: meter.eventName,
        unit: meter.unit,
        subscriptionId,
        periodStart: window.start.toISOString(),
        periodEnd: window.end.toISOString(),
        quantity: total?.quantity.toDecimalPlaces(12).toFixed() ?? '0',
        events: Number(total?.eventCount ?? 0n),
      };
    }),
  };
}
