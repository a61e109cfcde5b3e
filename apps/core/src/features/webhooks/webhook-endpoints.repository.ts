import type { Prisma, WebhookDelivery, WebhookEndpoint } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import {
  type ListWebhookDeliveriesQuery,
  toDeliveryWire,
  type WebhookDeliveryWire,
} from './delivery-wire.js';
import { toWebhookEndpointWire, type WebhookEndpointWire } from './webhook-endpoint-wire.js';
import type { ListWebhookEndpointsQuery } from './webhook-endpoints.schemas.js';

/** @throws notFound */
export async function requireEndpoint(db: TenantReader, id: string): Promise<WebhookEndpoint> {
  const endpoint = await db.webhookEndpoint.findUnique({ where: { id } });
  if (!endpoint) throw notFound('There is no such webhook endpoint.');
  return endpoint;
}

/**
 * The endpoint's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockEndpoint(db: Prisma.TransactionClient, id: string): Promise<WebhookEndpoint> {
  await db.$queryRaw`SELECT id FROM webhook_endpoints WHERE id = ${id} FOR UPDATE`;
  return requireEndpoint(db, id);
}

/** A page of endpoints, newest first unless asked otherwise. */
export function listEndpoints(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListWebhookEndpointsQuery,
): Promise<Page<WebhookEndpointWire>> {
  const filter = query.status === undefined ? {} : { status: query.status };
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.webhookEndpoint.findMany({ where: { AND: [where, filter] }, orderBy, take }),
    toWire: toWebhookEndpointWire,
  });
}

/**
 * A page of what an endpoint was sent, newest first unless asked otherwise.
 * @throws notFound
 */
export async function listDeliveries(
  ctx: TenantContext,
  cursors: Cursors,
  { endpointId, query }: { endpointId: string; query: ListWebhookDeliveriesQuery },
): Promise<Page<WebhookDeliveryWire>> {
  await requireEndpoint(ctx.db, endpointId);
  const filters: Prisma.WebhookDeliveryWhereInput[] = [{ endpointId }];
  if (query.status !== undefined) filters.push({ status: query.status });
  if (query.eventType !== undefined) filters.push({ eventType: query.eventType });
  if (query.eventId !== undefined) filters.push({ eventId: query.eventId });
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.webhookDelivery.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
    toWire: toDeliveryWire,
  });
}

/** @throws notFound */
export async function requireDelivery(db: TenantReader, id: string): Promise<WebhookDelivery> {
  const delivery = await db.webhookDelivery.findUnique({ where: { id } });
  if (!delivery) throw notFound('There is no such delivery.');
  return delivery;
}
