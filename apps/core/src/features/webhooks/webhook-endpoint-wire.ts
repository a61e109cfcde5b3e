import type { WebhookEndpoint } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';

export const ENDPOINT_STATUSES = ['enabled', 'disabled'] as const;
export const DISABLED_REASONS = ['asked', 'gone', 'failing'] as const;

export const WebhookEndpointSchema = z
  .object({
    object: z.literal('webhook_endpoint'),
    id: z.string(),
    url: z.string().meta({ example: 'https://example.com/webhooks/nova' }),
    description: z.string().nullable(),
    eventTypes: z.array(z.string()).meta({ example: ['invoice.*', 'payment.succeeded'] }),
    status: z.enum(ENDPOINT_STATUSES),
    disabledReason: z.enum(DISABLED_REASONS).nullable().meta({
      description: '`gone`: it answered 410. `failing`: nothing has reached it for five days.',
    }),
    disabledAt: MomentSchema.nullable(),
    failingSince: MomentSchema.nullable().meta({
      description: 'The first of the attempts that have failed without one that succeeded since.',
    }),
    pausedUntil: MomentSchema.nullable().meta({
      description: 'Nothing is sent before: it asked for less, or has failed several times in a row.',
    }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'WebhookEndpoint' });
export type WebhookEndpointWire = z.infer<typeof WebhookEndpointSchema>;

export const WebhookEndpointListSchema = listOf(WebhookEndpointSchema, 'WebhookEndpointList');

const secret = z.string().meta({
  description: 'What deliveries are signed with.',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr',
});

export const NewWebhookEndpointSchema = WebhookEndpointSchema.extend({ secret }).meta({
  id: 'NewWebhookEndpoint',
});

export const WebhookSecretWireSchema = z
  .object({
    object: z.literal('webhook_secret'),
    endpointId: z.string(),
    secret,
    previousUntil: MomentSchema.nullable().meta({
      description: 'Until then the secret before signs too; null when there is none.',
    }),
  })
  .meta({ id: 'WebhookSecret' });

/** The endpoint as callers see it. */
export function toWebhookEndpointWire(row: WebhookEndpoint): WebhookEndpointWire {
  return {
    object: 'webhook_endpoint',
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: row.eventTypes,
    status: row.status as WebhookEndpointWire['status'],
    disabledReason: row.disabledReason as WebhookEndpointWire['disabledReason'],
    disabledAt: row.disabledAt?.toISOString() ?? null,
    failingSince: row.failingSince?.toISOString() ?? null,
    pausedUntil: row.pausedUntil?.toISOString() ?? null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
