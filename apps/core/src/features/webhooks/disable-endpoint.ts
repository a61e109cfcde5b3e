import type { WebhookEndpoint } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toWebhookEndpointWire } from './webhook-endpoint-wire.js';

/** What a delivery says whose endpoint was disabled before it arrived. */
const ENDPOINT_DISABLED = 'endpoint_disabled';

/** Disables an endpoint that the platform gives up on, and tells the tenant by an event and an e-mail. */
export async function disableEndpoint(
  ctx: TenantContext,
  tx: TenantTransaction,
  endpoint: Pick<WebhookEndpoint, 'id'>,
  reason: 'gone' | 'failing',
): Promise<void> {
  const now = ctx.clock.now();
  const disabled = await tx.db.webhookEndpoint.update({
    where: { id: endpoint.id },
    data: {
      status: 'disabled',
      disabledReason: reason,
      disabledAt: now,
      version: { increment: 1 },
      updatedAt: now,
    },
  });
  await cancelPending(tx, endpoint.id, now);
  await recordChange(tx, ctx, 'webhook_endpoint.disabled', toWebhookEndpointWire(disabled));
  await tx.enqueue('webhooks.notify_disabled', { endpointId: endpoint.id });
}

/** What an endpoint was still to be sent is not sent; a replay sends it. */
export async function cancelPending(tx: TenantTransaction, endpointId: string, now: Date): Promise<void> {
  await tx.db.webhookDelivery.updateMany({
    where: { endpointId, status: 'pending' },
    data: { status: 'failed', nextAttemptAt: null, lastError: ENDPOINT_DISABLED, updatedAt: now },
  });
}
