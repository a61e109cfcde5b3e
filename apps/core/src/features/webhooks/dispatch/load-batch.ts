import type { WebhookEndpoint } from '@nova/prisma-tenant';

import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { WebhookSecrets } from '../webhook-secrets.js';
import type { ReadyDelivery } from './attempt-delivery.js';
import { messageBody } from './webhook-message.js';

/** What is sent to an endpoint together. */
export interface Batch {
  readonly endpoint: WebhookEndpoint;
  readonly secrets: readonly string[];
  readonly deliveries: readonly ReadyDelivery[];
}

/** The deliveries of an endpoint that are due by the tenant's clock, the longest overdue first; null when none is. */
export async function loadBatch(
  { secrets, publicUrl }: { secrets: WebhookSecrets; publicUrl: string },
  ctx: TenantContext,
  { endpointId, most }: { endpointId: string; most: number },
): Promise<Batch | null> {
  const now = ctx.clock.now();
  const endpoint = await ctx.db.webhookEndpoint.findUnique({ where: { id: endpointId } });
  if (!endpoint || endpoint.status !== 'enabled') return null;
  if (endpoint.pausedUntil !== null && endpoint.pausedUntil > now) return null;
  const due = await ctx.db.webhookDelivery.findMany({
    where: { endpointId, status: 'pending', nextAttemptAt: { lte: now } },
    orderBy: [{ nextAttemptAt: 'asc' }, { id: 'asc' }],
    take: most,
    include: { event: true },
  });
  if (due.length === 0) return null;
  return {
    endpoint,
    secrets: await secrets.of(ctx, endpointId, now),
    deliveries: due.map(({ id, eventId, step, event }) => ({
      id,
      eventId,
      step,
      body: messageBody(event, { publicUrl, mode: ctx.mode }),
    })),
  };
}
