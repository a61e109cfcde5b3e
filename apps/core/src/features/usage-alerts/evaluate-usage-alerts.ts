import { newId } from '../../platform/ids/new-id.js';
import type { FirstDue } from '../../tenancy/due-work/due-sources.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { billThresholds } from '../subscriptions/bill-thresholds.js';
import { recordEvents } from '../events/record-event.js';
import { measureThresholds, type ReachedThreshold, type WatchedUsage } from './measure-thresholds.js';
import { thresholdKey } from './usage-alert-wire.js';

const PAGE = 100;
/** What is left after so long is due still, and comes back as another job: no tenant keeps a worker for long. */
const RUN_LIMIT_MS = 1_500;

/** That a customer used something, as it was when it was read: `version` changes when more comes. */
interface Check {
  customer_id: string;
  meter_id: string;
  version: string;
}

/**
 * Looks at the alerts of all who have used something since it was last done, and bills those whose usage has come to a
 * threshold of their subscription. What is used meanwhile is left for the next time: a note is taken away only as it was
 * read before the usage was. May run twice at once; each threshold fires once.
 */
export async function evaluateUsageAlerts(ctx: TenantContext): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  let last: Check = { customer_id: '', meter_id: '', version: '' };
  for (;;) {
    const checks = await readChecks(ctx.db, last);
    const next = checks.at(-1);
    if (!next) return;
    await billThresholds(
      ctx,
      checks.map((check) => check.customer_id),
    );
    const reached = await measureThresholds(ctx, await watchedBy(ctx, checks));
    await ctx.transaction(async (tx) => {
      await fire(ctx, tx, reached);
      await removeChecks(tx, checks);
    });
    if (checks.length < PAGE || performance.now() > deadline) return;
    last = next;
  }
}

/** The note that was written first. One that has been written anew since is another: what it was for is not done. */
export async function firstUsageAlertCheck(db: TenantReader): Promise<FirstDue | null> {
  const [first] = await db.$queryRaw<{ id: string; at: Date }[]>`
    SELECT concat_ws(' ', customer_id, meter_id, xmin) AS id, due_at AS at FROM usage_alert_checks
    ORDER BY due_at, customer_id, meter_id LIMIT 1`;
  return first ?? null;
}

function readChecks(db: TenantReader, { customer_id, meter_id }: Check): Promise<Check[]> {
  return db.$queryRaw<Check[]>`
    SELECT customer_id, meter_id, xmin::text AS version FROM usage_alert_checks
    WHERE (customer_id, meter_id) > (${customer_id}, ${meter_id})
    ORDER BY customer_id, meter_id LIMIT ${PAGE}`;
}

async function watchedBy(ctx: TenantContext, checks: readonly Check[]): Promise<WatchedUsage[]> {
  const alerts = await ctx.db.usageAlert.findMany({
    where: { active: true, meterId: { in: [...new Set(checks.map((check) => check.meter_id))] } },
    include: { meter: true },
    orderBy: { id: 'asc' },
  });
  const customers = await ctx.db.customer.findMany({
    where: { id: { in: checks.map((check) => check.customer_id) }, deletedAt: null },
    select: { id: true, timeZone: true },
  });
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  return checks.flatMap(({ customer_id, meter_id }) => {
    const customer = byId.get(customer_id);
    if (!customer) return [];
    return alerts
      .filter(
        ({ meterId, customerId }) => meterId === meter_id && (customerId ?? customer_id) === customer_id,
      )
      .map(({ meter, ...alert }) => ({ alert, meter, customer }));
  });
}

/** The unique key of firings decides who is first; only what is new is told. */
async function fire(
  ctx: TenantContext,
  tx: TenantTransaction,
  reached: readonly ReachedThreshold[],
): Promise<void> {
  const firedAt = ctx.clock.now();
  const fired = await tx.db.usageAlertFiring.createManyAndReturn({
    data: reached.map(({ alert, customer, threshold, quantity, windowStart }) => ({
      id: newId('uaf'),
      alertId: alert.id,
      customerId: customer.id,
      threshold: thresholdKey(threshold),
      windowStart,
      quantity: quantity.toDecimalPlaces(12).toFixed(),
      firedAt,
    })),
    skipDuplicates: true,
  });
  const firings = new Set(fired.map((row) => `${row.alertId} ${row.customerId} ${row.threshold}`));
  const isNew = ({ alert, customer, threshold }: ReachedThreshold) =>
    firings.has(`${alert.id} ${customer.id} ${thresholdKey(threshold)}`);
  await recordEvents(
    tx,
    ctx,
    reached.filter(isNew).map(({ alert, meter, customer, threshold, quantity, limit, windowStart }) => ({
      type: 'usage.threshold_reached',
      objectType: 'usage_alert',
      objectId: alert.id,
      data: {
        alertId: alert.id,
        alertName: alert.name,
        customerId: customer.id,
        meterId: meter.id,
        threshold: { type: threshold.type, value: threshold.value },
        quantity: quantity.toFixed(),
        limit: limit?.toFixed() ?? null,
        windowStart: windowStart.toISOString(),
      },
    })),
  );
}

/** A note that was written anew after it was read stays. */
async function removeChecks(tx: TenantTransaction, checks: readonly Check[]): Promise<void> {
  await tx.db.$executeRaw`
    DELETE FROM usage_alert_checks c
    USING unnest(${checks.map((check) => check.customer_id)}::text[], ${checks.map((check) => check.meter_id)}::text[],
      ${checks.map((check) => check.version)}::text[]) AS seen (customer_id, meter_id, version)
    WHERE c.customer_id = seen.customer_id AND c.meter_id = seen.meter_id AND c.xmin::text = seen.version`;
}
