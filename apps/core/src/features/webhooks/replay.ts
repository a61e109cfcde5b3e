import { Prisma, type WebhookDelivery } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockEndpoint, requireDelivery } from './webhook-endpoints.repository.js';
import type { ReplayRange } from './webhook-endpoints.schemas.js';
import { webhookEndpointDisabled } from './webhooks.errors.js';

/** What one request replays at most. */
const RANGE_MAX = 5_000;

export interface Replayed {
  readonly deliveries: number;
  /** Where the rest of the range begins; null when all of it is on its way. */
  readonly nextFrom: Date | null;
}

/**
 * Sends one delivery again, whether it has arrived or not, with the whole schedule before it.
 * @throws notFound, webhookEndpointDisabled
 */
export async function replayDelivery(ctx: TenantContext, id: string): Promise<WebhookDelivery> {
  return ctx.transaction(async (tx) => {
    const { endpointId } = await requireDelivery(tx.db, id);
    await requireEnabled(tx, endpointId);
    const now = ctx.clock.now();
    tx.due('webhooks', now);
    return tx.db.webhookDelivery.update({
      where: { id },
      data: { status: 'pending', step: 0, nextAttemptAt: now, updatedAt: now },
    });
  });
}

/**
 * Sends an endpoint what happened in a range of time, by its filters of now: also what it was never sent, because it was
 * disabled, or was not there yet. Receivers tell by `webhook-id` what they know already.
 * @throws notFound, webhookEndpointDisabled, invalidRequest
 */
export async function replayRange(
  ctx: TenantContext,
  endpointId: string,
  { from, to, eventTypes, which }: ReplayRange,
): Promise<Replayed> {
  return ctx.transaction(async (tx) => {
    const endpoint = await requireEnabled(tx, endpointId);
    const now = ctx.clock.now();
    const [start, end] = [new Date(from), to === undefined ? now : new Date(to)];
    if (start > end) throw invalidRequest('The range ends before it begins.');
    const range = { start, end, filters: eventTypes ?? endpoint.eventTypes, which };
    const ids = await eventsOf(tx, endpointId, range);
    const taken = ids.slice(0, RANGE_MAX);
    await send(tx, endpointId, { ids: taken.map(({ id }) => id), now });
    if (taken.length > 0) tx.due('webhooks', now);
    return { deliveries: taken.length, nextFrom: ids[RANGE_MAX]?.createdAt ?? null };
  });
}

async function requireEnabled(tx: TenantTransaction, endpointId: string) {
  const endpoint = await lockEndpoint(tx.db, endpointId);
  if (endpoint.status === 'enabled') return endpoint;
  throw webhookEndpointDisabled('Enable it first: nothing is sent to it.');
}

/** The events of a range that are to be sent, one more than are sent at once. What is on its way already is left out. */
function eventsOf(
  tx: TenantTransaction,
  endpointId: string,
  range: { start: Date; end: Date; filters: readonly string[]; which: ReplayRange['which'] },
): Promise<{ id: string; createdAt: Date }[]> {
  const { start, end, filters, which } = range;
  const settled = which === 'all' ? ['pending'] : ['pending', 'succeeded'];
  return tx.db.$queryRaw<{ id: string; createdAt: Date }[]>(Prisma.sql`
    SELECT e.id, e.created_at AS "createdAt" FROM events e
    WHERE e.created_at >= ${start} AND e.created_at < ${end} AND e.type <> 'webhook_endpoint.test'
      AND ARRAY['*', e.type, split_part(e.type, '.', 1) || '.*'] && ${[...filters]}
      AND NOT EXISTS (SELECT FROM webhook_deliveries d
        WHERE d.endpoint_id = ${endpointId} AND d.event_id = e.id AND d.status = ANY(${settled}))
    ORDER BY e.created_at, e.id LIMIT ${RANGE_MAX + 1}`);
}

/** Deliveries that there are begin anew; for the others there is one from now on. */
async function send(
  tx: TenantTransaction,
  endpointId: string,
  { ids, now }: { ids: readonly string[]; now: Date },
): Promise<void> {
  await tx.db.$executeRaw`
    INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, next_attempt_at, created_at, updated_at)
    SELECT 'whd_' || substr(e.id, 5) || substr(md5(${endpointId}), 1, 10), ${endpointId}, e.id, e.type, ${now}, ${now},
      ${now}
    FROM events e WHERE e.id = ANY(${[...ids]})
    ON CONFLICT (endpoint_id, event_id) DO UPDATE
      SET status = 'pending', step = 0, next_attempt_at = excluded.next_attempt_at, updated_at = excluded.updated_at`;
}
