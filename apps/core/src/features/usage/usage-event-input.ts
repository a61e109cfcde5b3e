import { z } from 'zod';

import type { PropertyValue } from '../../domain/usage/meter-terms.js';
import { ID_LENGTH_MAX, MomentInputSchema } from '../../platform/http/common-schemas.js';
import { EventNameSchema, PropertyNameSchema } from '../meters/meters.schemas.js';

export const PROPERTIES_MAX = 50;
export const PROPERTY_VALUE_LENGTH_MAX = 500;
export const TRANSACTION_ID = /^[\x21-\x7e]{1,255}$/;

/** One thing that was used, as callers send it. */
export const UsageEventInputSchema = z
  .strictObject({
    transactionId: z
      .string()
      .regex(TRANSACTION_ID, 'must be 1 to 255 printable ASCII characters without spaces')
      .meta({
        description:
          'Your own id of the event. An event is counted once by it, however often it is sent, for ever.',
        example: '9f2c1b7e-call',
      }),
    customerId: z
      .string()
      .min(1)
      .max(ID_LENGTH_MAX)
      .meta({ description: 'The customer, by its id or your external id.', example: 'bakery-17' }),
    subscriptionId: z.string().min(1).max(ID_LENGTH_MAX).optional().meta({
      description:
        'One of the customer’s subscriptions, by its id or your external id. An event without counts for whichever of them bill its meter.',
    }),
    eventName: EventNameSchema,
    timestamp: MomentInputSchema.optional().describe('When it was used; now unless given.'),
    properties: z
      .record(
        PropertyNameSchema,
        z.union([z.string().max(PROPERTY_VALUE_LENGTH_MAX), z.number(), z.boolean()]),
      )
      .refine((properties) => Object.keys(properties).length <= PROPERTIES_MAX, {
        error: `must not have more than ${PROPERTIES_MAX} keys`,
      })
      .default({})
      .meta({
        description: `Flat: at most ${PROPERTIES_MAX} keys of 1 to 40 characters; values are texts of at most ${PROPERTY_VALUE_LENGTH_MAX} characters, numbers, true or false. Exact decimals go as texts.`,
        example: { quantity: 250, endpoint: '/v1/quotes' },
      }),
  })
  .meta({ id: 'UsageEventInput' });
export type UsageEventInput = z.infer<typeof UsageEventInputSchema>;

/** Why an event is not counted. */
export interface EventProblem {
  readonly code: string;
  /** A JSON Pointer into the event. */
  readonly pointer: string;
  readonly message: string;
}

/** An event that has the right form; whether it can be counted is another question. */
export interface ReadEvent {
  readonly transactionId: string;
  readonly customer: string;
  readonly subscription: string | null;
  readonly eventName: string;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  readonly properties: Readonly<Record<string, PropertyValue>>;
}
