import { z } from 'zod';

import { filterMatches } from '../../domain/webhooks/event-filters.js';
import { MomentInputSchema } from '../../platform/http/common-schemas.js';
import { listQuery } from '../../platform/http/pagination.js';
import { MetadataPatchSchema, MetadataSchema } from '../../platform/wire/metadata.js';
import { lineText } from '../../platform/wire/text.js';
import { EVENT_TYPES } from '../events/event-types.js';
import { ENDPOINT_STATUSES } from './webhook-endpoint-wire.js';
import { WebhookSecretSchema } from './webhook-secret.js';

const DAY_SECONDS = 86_400;
const FILTERS_MAX = 100;

const url = z
  .url({ protocol: /^https?$/, hostname: /./ })
  .max(2_000)
  .meta({
    description: 'Where deliveries are posted to: `https`, or in development `http`.',
    example: 'https://example.com/webhooks/nova',
  });
const description = lineText({ max: 500 });
const eventTypes = z
  .array(
    z.string().refine((filter) => EVENT_TYPES.some((type) => filterMatches(filter, type)), {
      error: 'There is no such type of event: see GET /event-types',
    }),
  )
  .min(1)
  .max(FILTERS_MAX)
  .meta({
    description: 'What it hears of: `*` for all, `invoice.*`, or types of `GET /event-types`.',
    example: ['invoice.*', 'payment.succeeded'],
  });
const status = z.enum(ENDPOINT_STATUSES).meta({
  description: 'A disabled one hears of nothing; what happened meanwhile can be replayed.',
});

export const CreateWebhookEndpointSchema = z
  .strictObject({
    url,
    description: description.optional(),
    eventTypes: eventTypes.default(['*']),
    status: status.default('enabled'),
    secret: WebhookSecretSchema.optional(),
    metadata: MetadataSchema.default({}),
  })
  .meta({ id: 'CreateWebhookEndpoint' });
export type CreateWebhookEndpoint = z.infer<typeof CreateWebhookEndpointSchema>;

export const UpdateWebhookEndpointSchema = z
  .strictObject({
    url: url.optional(),
    description: description.nullable().optional(),
    eventTypes: eventTypes.optional(),
    status: status.optional(),
    metadata: MetadataPatchSchema.optional(),
  })
  .meta({ id: 'UpdateWebhookEndpoint', description: 'A merge patch: what is named changes, null clears.' });
export type UpdateWebhookEndpoint = z.infer<typeof UpdateWebhookEndpointSchema>;

export const RotateWebhookSecretSchema = z
  .strictObject({
    secret: WebhookSecretSchema.optional(),
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * DAY_SECONDS)
      .default(DAY_SECONDS)
      .meta({ description: 'How long the secret before signs too; 0 ends it at once.' }),
  })
  .meta({ id: 'RotateWebhookSecret' });
export type RotateWebhookSecret = z.infer<typeof RotateWebhookSecretSchema>;

export const TestWebhookSchema = z
  .strictObject({
    type: z.enum(EVENT_TYPES).default('invoice.paid').meta({ description: 'Whose example is sent along.' }),
  })
  .meta({ id: 'TestWebhook' });
export type TestWebhook = z.infer<typeof TestWebhookSchema>;

export const ReplayRangeSchema = z
  .strictObject({
    from: MomentInputSchema.meta({ description: 'Events of this moment and later.' }),
    to: MomentInputSchema.optional().meta({ description: 'Events before this moment; now when absent.' }),
    eventTypes: eventTypes.optional(),
    which: z.enum(['undelivered', 'all']).default('undelivered').meta({
      description: '`undelivered`: what failed, and what it was never sent. `all`: what has arrived too.',
    }),
  })
  .meta({ id: 'ReplayWebhooks' });
export type ReplayRange = z.infer<typeof ReplayRangeSchema>;

export const ReplayedSchema = z
  .object({
    object: z.literal('webhook_replay'),
    endpointId: z.string(),
    deliveries: z.int().meta({ description: 'How many are sent now.' }),
    hasMore: z.boolean().meta({
      description: 'Whether the range has more events: replay again from `nextFrom`.',
    }),
    nextFrom: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookReplay' });

export const ListWebhookEndpointsQuerySchema = listQuery({
  status: z.enum(ENDPOINT_STATUSES).optional(),
});
export type ListWebhookEndpointsQuery = z.infer<typeof ListWebhookEndpointsQuerySchema>;
