import { z } from 'zod';

import { exampleOfSchema, type JsonSchema } from './example-of-schema.js';
import { EVENT_FORMS } from './event-forms.js';
import { EVENT_TYPES, type EventType } from './event-types.js';

/** What the catalogue has of a type of event. */
export interface CataloguedEvent {
  readonly type: EventType;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example: unknown;
}

/** The form of an event's `data`: the object as the API shows it, and what else there is to know. */
export function dataSchemaOf(type: EventType): z.ZodObject {
  const { object, facts = {}, isUpdate = false } = EVENT_FORMS[type];
  const previous = z.record(z.string(), z.unknown()).meta({
    description: 'The values that were others before, as they were.',
  });
  // What there is to know may become more: receivers pass over what they do not know.
  return z.looseObject({
    ...facts,
    ...(object ? { object } : {}),
    ...(isUpdate ? { previousAttributes: previous } : {}),
  });
}

/** An example of the data of a type of event. */
export function exampleOf(type: EventType): unknown {
  return exampleOfSchema(jsonSchemaOf(type));
}

let catalogue: readonly CataloguedEvent[] | null = null;

/** Every type of event with its JSON Schema and an example. Made once: it is the same for everybody. */
export function eventCatalogue(): readonly CataloguedEvent[] {
  catalogue ??= EVENT_TYPES.map((type) => ({
    type,
    description: EVENT_FORMS[type].description,
    schema: jsonSchemaOf(type),
    example: exampleOf(type),
  }));
  return catalogue;
}

function jsonSchemaOf(type: EventType): JsonSchema {
  return z.toJSONSchema(dataSchemaOf(type), { io: 'output', unrepresentable: 'any' }) as JsonSchema;
}
