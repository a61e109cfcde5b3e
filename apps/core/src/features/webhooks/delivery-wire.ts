import type { WebhookAttempt, WebhookDelivery } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';

export const DELIVERY_STATUSES = ['pending', 'succeeded', 'failed'] as const;

const deliveryShape = {
  object: z.literal('webhook_delivery'),
  id: z.string(),
  endpointId: z.string(),
  eventId: z.string().meta({ description: 'Sent as `webhook-id`: the same in every attempt and replay.' }),
  eventType: z.string().meta({ example: 'invoice.paid' }),
  status: z.enum(DELIVERY_STATUSES).meta({ description: '`failed`: the schedule of attempts is over.' }),
  attempts: z.int(),
  nextAttemptAt: MomentSchema.nullable(),
  lastAttemptAt: MomentSchema.nullable(),
  lastStatusCode: z.int().nullable(),
  lastError: z.string().nullable(),
  createdAt: MomentSchema,
  updatedAt: MomentSchema,
};

const AttemptSchema = z
  .object({
    id: z.string(),
    number: z.int(),
    startedAt: MomentSchema,
    durationMs: z.int(),
    outcome: z.enum(['succeeded', 'failed']),
    statusCode: z.int().nullable(),
    error: z.string().nullable().meta({ description: 'Why there was no answer.', example: 'timeout' }),
    responseHeaders: z.record(z.string(), z.string()).nullable(),
    responseBody: z.string().nullable().meta({ description: 'The first 4 KB of it.' }),
  })
  .meta({ id: 'WebhookAttempt' });

export const WebhookDeliverySchema = z.object(deliveryShape).meta({ id: 'WebhookDelivery' });
export type WebhookDeliveryWire = z.infer<typeof WebhookDeliverySchema>;
export const WebhookDeliveryListSchema = listOf(WebhookDeliverySchema, 'WebhookDeliveryList');

export const WebhookDeliveryDetailSchema = z
  .object({
    ...deliveryShape,
    log: z.array(AttemptSchema).meta({ description: 'The latest attempt first.' }),
  })
  .meta({ id: 'WebhookDeliveryDetail' });

export const ListWebhookDeliveriesQuerySchema = listQuery({
  status: z.enum(DELIVERY_STATUSES).optional(),
  eventType: z.string().min(1).max(100).optional(),
  eventId: z.string().min(1).max(255).optional(),
});
export type ListWebhookDeliveriesQuery = z.infer<typeof ListWebhookDeliveriesQuerySchema>;

/** The delivery as callers see it. */
export function toDeliveryWire(row: WebhookDelivery): WebhookDeliveryWire {
  return {
    object: 'webhook_delivery',
    id: row.id,
    endpointId: row.endpointId,
    eventId: row.eventId,
    eventType: row.eventType,
    status: row.status as WebhookDeliveryWire['status'],
    attempts: row.attempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    lastAttemptAt: row.lastAttemptAt?.toISOString() ?? null,
    lastStatusCode: row.lastStatusCode,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The same with its attempts. */
export function toDeliveryDetailWire(row: WebhookDelivery & { log: readonly WebhookAttempt[] }) {
  return {
    ...toDeliveryWire(row),
    log: row.log.map(({ deliveryId: _of, startedAt, ...attempt }) => ({
      ...attempt,
      startedAt: startedAt.toISOString(),
    })),
  };
}
