import type { Event } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';

export const EventSchema = z
  .object({
    object: z.literal('event'),
    id: z.string(),
    type: z.string().meta({ example: 'usage.threshold_reached' }),
    objectType: z.string().meta({ description: 'What it happened to.', example: 'usage_alert' }),
    objectId: z.string(),
    data: z.record(z.string(), z.unknown()).meta({
      description: 'What there is to know of it: `GET /event-types` has its form.',
    }),
    sequence: z.int().meta({
      description: 'A later event of the same object has a greater number; there are gaps between them.',
      example: 1042,
    }),
    requestId: z.string().nullable().meta({
      description: 'The request that made it happen; null for what happens by itself.',
    }),
    createdAt: MomentSchema,
  })
  .meta({ id: 'Event' });
export type EventWire = z.infer<typeof EventSchema>;

export const EventListSchema = listOf(EventSchema, 'EventList');

export const ListEventsQuerySchema = listQuery({
  type: z.string().min(1).max(100).optional().meta({ description: 'Exactly this type.' }),
  objectId: z.string().min(1).max(255).optional().meta({ description: 'What happened to this object.' }),
});
export type ListEventsQuery = z.infer<typeof ListEventsQuerySchema>;

/** The event as callers see it. */
export function toEventWire(row: Event): EventWire {
  return {
    object: 'event',
    id: row.id,
    type: row.type,
    objectType: row.objectType,
    objectId: row.objectId,
    data: row.data as EventWire['data'],
    sequence: Number(row.sequence),
    requestId: row.requestId,
    createdAt: row.createdAt.toISOString(),
  };
}
