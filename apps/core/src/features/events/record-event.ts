import type { Prisma } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { EventType } from './event-types.js';

/** Something that happened to an object of the tenant's. */
export interface NewEvent {
  /** What, as the catalogue has it: `usage.threshold_reached`. */
  readonly type: EventType;
  readonly objectType: string;
  readonly objectId: string;
  /** What the receiver wants to know, as JSON. */
  readonly data: Prisma.InputJsonObject;
}

/** Writes that something happened, in the transaction that makes it happen. */
export async function recordEvent(tx: TenantTransaction, ctx: TenantContext, event: NewEvent): Promise<void> {
  await recordEvents(tx, ctx, [event]);
}

/**
 * The same of many things at once, in their order, with a delivery for each endpoint that is to hear of one: one
 * statement, so that there is never an event whose deliveries were forgotten. Whoever changes an object holds its row
 * by then, and the sequence of the database only grows: so the events of one object have growing numbers.
 */
export async function recordEvents(
  tx: TenantTransaction,
  ctx: TenantContext,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const now = ctx.clock.now();
  const rows = events.map(({ type, objectType, objectId, data }) => ({
    id: newId('evt'),
    type,
    object_type: objectType,
    object_id: objectId,
    data,
  }));
  const [owed] = await tx.db.$queryRaw<{ deliveries: number }[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS event (id text, type text, object_type text, object_id text, data jsonb)
    ), written AS (
      INSERT INTO events (id, type, object_type, object_id, data, request_id, created_at)
      SELECT id, type, object_type, object_id, data, ${ctx.requestId}::text, ${now} FROM given ORDER BY id
    ), owed AS (
      INSERT INTO webhook_deliveries (id, endpoint_id, event_id, event_type, next_attempt_at, created_at, updated_at)
      SELECT 'whd_' || substr(g.id, 5) || substr(md5(e.id), 1, 10), e.id, g.id, g.type, ${now}, ${now}, ${now}
      FROM given g JOIN webhook_endpoints e ON e.status = 'enabled'
        AND e.event_types && ARRAY['*', g.type, split_part(g.type, '.', 1) || '.*']
      RETURNING 1
    )
    SELECT count(*)::int AS deliveries FROM owed`;
  if (owed && owed.deliveries > 0) tx.due('webhooks', now);
}
