import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import type { IngestResult } from './ingest-usage.js';
import { UsageEventInputSchema } from './usage-event-input.js';

export const BATCH_MAX = 1_000;

const ProblemSchema = z
  .object({
    code: z.string(),
    pointer: z
      .string()
      .meta({ description: 'JSON Pointer into the event.', example: '/properties/quantity' }),
    message: z.string(),
  })
  .meta({ id: 'UsageEventProblem' });

export const UsageReceiptSchema = z
  .object({
    object: z.literal('usage_receipt'),
    transactionId: z.string(),
    status: z.enum(['accepted', 'duplicate']).meta({
      description: '`duplicate`: an event of this transactionId was counted before, and this one is not.',
    }),
    warnings: z.array(ProblemSchema).meta({ description: 'What a meter cannot count of it.' }),
  })
  .meta({ id: 'UsageReceipt' });

/** How an item looks, told in the document only: items are read one by one, so that a bad one spoils no other. */
const ItemSchema = z
  .unknown()
  .meta({ description: 'An event as `POST /usage` takes it.', ...documented(UsageEventInputSchema) });

export const UsageBatchSchema = z
  .strictObject({ events: z.array(ItemSchema).min(1).max(BATCH_MAX) })
  .meta({ id: 'UsageBatch' });
export type UsageBatch = z.infer<typeof UsageBatchSchema>;

const ResultSchema = z
  .object({
    transactionId: z.string().nullable(),
    status: z.enum(['accepted', 'duplicate', 'rejected']),
    code: z.string().optional().meta({ description: 'Why it is rejected.' }),
    pointer: z.string().optional().meta({ description: 'JSON Pointer into the event.' }),
    message: z.string().optional(),
    warnings: z.array(ProblemSchema).optional(),
  })
  .meta({ id: 'UsageResult' });

export const UsageBatchResultSchema = z
  .object({
    object: z.literal('usage_batch_result'),
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
    results: z.array(ResultSchema).meta({ description: 'Of every event, in the order they were sent.' }),
  })
  .meta({ id: 'UsageBatchResult' });
export type UsageBatchResultWire = z.infer<typeof UsageBatchResultSchema>;

/** The answer to a batch. */
export function toBatchResultWire(results: readonly IngestResult[]): UsageBatchResultWire {
  const count = (status: IngestResult['status']) =>
    results.filter((result) => result.status === status).length;
  return {
    object: 'usage_batch_result',
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    rejected: count('rejected'),
    results: results.map(({ transactionId, ...result }) => {
      if (result.status === 'rejected') return { transactionId, status: result.status, ...result.problem };
      if (result.status === 'duplicate' || result.warnings.length === 0) {
        return { transactionId, status: result.status };
      }
      return { transactionId, status: result.status, warnings: [...result.warnings] };
    }),
  };
}

export const UsageEventSchema = z
  .object({
    object: z.literal('usage_event'),
    transactionId: z.string(),
    eventName: z.string(),
    customerId: z.string(),
    subscriptionId: z.string().nullable(),
    timestamp: MomentSchema.meta({ description: 'When it was used.' }),
    receivedAt: MomentSchema,
    properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  })
  .meta({ id: 'UsageEvent' });
export type UsageEventWire = z.infer<typeof UsageEventSchema>;

export const UsageEventListSchema = listOf(UsageEventSchema, 'UsageEventList');

function documented(schema: z.ZodType): Record<string, unknown> {
  const {
    $schema: _dialect,
    id: _id,
    ...rest
  } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return rest;
}
