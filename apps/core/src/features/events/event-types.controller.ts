import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';

import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { eventCatalogue } from './event-catalogue.js';
import { EVENT_TYPES } from './event-types.js';

const EventTypeListSchema = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z
        .object({
          object: z.literal('event_type'),
          type: z.enum(EVENT_TYPES),
          description: z.string(),
          schema: z
            .record(z.string(), z.unknown())
            .meta({ description: 'The JSON Schema of `data`. More may be added to it.' }),
          example: z.unknown().meta({ description: 'An example of `data`.' }),
        })
        .meta({ id: 'EventType' }),
    ),
  })
  .meta({ id: 'EventTypeList' });

@Controller('event-types')
export class EventTypesController {
  @Get()
  @Endpoint({
    summary: 'List the types of events',
    description: 'Each with the JSON Schema of its `data` and an example.',
    access: 'events:read',
    returns: EventTypeListSchema,
    operationId: 'listEventTypes',
  })
  list() {
    return { object: 'list', data: eventCatalogue().map((event) => ({ object: 'event_type', ...event })) };
  }
}
