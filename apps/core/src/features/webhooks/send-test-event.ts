import type { Prisma, WebhookDelivery } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { exampleOf } from '../events/event-catalogue.js';
import { toWebhookEndpointWire } from './webhook-endpoint-wire.js';
import { lockEndpoint } from './webhook-endpoints.repository.js';
import type { TestWebhook } from './webhook-endpoints.schemas.js';
import { webhookEndpointDisabled } from './webhooks.errors.js';

const TYPE = 'webhook_endpoint.test';

/**
 * Sends an endpoint a test event, whatever it listens to. It has a type of its own, so that nobody takes the example in it
 * for something that happened.
 * @throws notFound, webhookEndpointDisabled
 */
export async function sendTestEvent(
  ctx: TenantContext,
  endpointId: string,
  { type }: TestWebhook,
): Promise<WebhookDelivery> {
  return ctx.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx.db, endpointId);
    if (endpoint.status !== 'enabled')
      throw webhookEndpointDisabled('Enable it first: nothing is sent to it.');
    const now = ctx.clock.now();
    const data = { object: toWebhookEndpointWire(endpoint), example: { type, data: exampleOf(type) } };
    const event = await tx.db.event.create({
      data: {
        id: newId('evt'),
        type: TYPE,
        objectType: 'webhook_endpoint',
        objectId: endpointId,
        data: data as unknown as Prisma.InputJsonObject,
        requestId: ctx.requestId,
        createdAt: now,
      },
    });
    tx.due('webhooks', now);
    return tx.db.webhookDelivery.create({
      data: {
        id: `whd_${event.id.slice('evt_'.length)}`,
        endpointId,
        eventId: event.id,
        eventType: TYPE,
        nextAttemptAt: now,
        createdAt: now,
        updatedAt: now,
      },
    });
  });
}
