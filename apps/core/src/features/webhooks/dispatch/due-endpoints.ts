import type { FirstDue } from '../../../tenancy/due-work/due-sources.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';

/** How long a process may send to an endpoint before another takes it for dead: longer than any batch may take. */
export const LEASE_SECONDS = 45;
/** How long an endpoint is left alone whose lane has failed for a reason of ours. */
const RETRY_SECONDS = 5;
/** Lanes that one job opens at most. */
const ENDPOINTS_MAX = 500;

/**
 * The delivery that is due first. An endpoint that is paused comes up when its pause ends, one that somebody sends to
 * when that should have ended long ago.
 */
export async function firstDelivery(db: TenantReader): Promise<FirstDue | null> {
  const [first] = await db.$queryRaw<{ id: string; at: Date }[]>`
    SELECT d.id, GREATEST(d.next_attempt_at, e.paused_until,
      CASE WHEN e.leased_until > clock_timestamp() THEN e.leased_until END) AS at
    FROM webhook_endpoints e CROSS JOIN LATERAL (
      SELECT id, next_attempt_at FROM webhook_deliveries
      WHERE endpoint_id = e.id AND status = 'pending' ORDER BY next_attempt_at, id LIMIT 1) d
    WHERE e.status = 'enabled' ORDER BY at, d.id LIMIT 1`;
  return first ?? null;
}

/** The endpoints that something is due for by the tenant's clock. */
export async function dueEndpoints(ctx: TenantContext): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM webhook_endpoints e
    WHERE e.status = 'enabled' AND (e.paused_until IS NULL OR e.paused_until <= ${ctx.clock.now()})
      AND EXISTS (SELECT FROM webhook_deliveries d
        WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= ${ctx.clock.now()})
    ORDER BY e.id LIMIT ${ENDPOINTS_MAX}`;
  return rows.map(({ id }) => id);
}

/** Takes those of the endpoints for this process that no other sends to. */
export async function leaseEndpoints(ctx: TenantContext, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  return ctx.transaction(async (tx) => {
    const rows = await tx.db.$queryRaw<{ id: string }[]>`
      UPDATE webhook_endpoints SET leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      WHERE id IN (SELECT id FROM webhook_endpoints
        WHERE id = ANY(${[...ids]}) AND (leased_until IS NULL OR leased_until <= clock_timestamp())
        ORDER BY id FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    return rows.map(({ id }) => id);
  });
}

/**
 * Gives an endpoint back, and says when it is due next. What was committed while it was given back, and whose job found
 * it taken, is looked for once more after it.
 */
export async function returnEndpoint(ctx: TenantContext, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    await tx.db.$executeRaw`UPDATE webhook_endpoints SET leased_until = NULL WHERE id = ${id}`;
    tx.due('webhooks', await nextOf(tx.db, id));
  });
  const next = await nextOf(ctx.db, id);
  if (next === null || next > ctx.clock.now()) return;
  await ctx.transaction((tx) => Promise.resolve(tx.due('webhooks', next)));
}

/** Leaves an endpoint alone whose lane has failed by no fault of its receiver's, and then has it looked at again. */
export async function leaveForAWhile(ctx: TenantContext, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    await tx.db.$executeRaw`
      UPDATE webhook_endpoints SET leased_until = clock_timestamp() + make_interval(secs => ${RETRY_SECONDS})
      WHERE id = ${id}`;
    tx.due('webhooks', new Date(ctx.clock.now().getTime() + RETRY_SECONDS * 1_000));
  });
}

async function nextOf(db: TenantReader, id: string): Promise<Date | null> {
  const [next] = await db.$queryRaw<{ at: Date }[]>`
    SELECT GREATEST(d.next_attempt_at, e.paused_until) AS at
    FROM webhook_endpoints e JOIN webhook_deliveries d ON d.endpoint_id = e.id AND d.status = 'pending'
    WHERE e.id = ${id} AND e.status = 'enabled' ORDER BY d.next_attempt_at, d.id LIMIT 1`;
  return next?.at ?? null;
}
