import { z } from 'zod';

import { ID_LENGTH_MAX, MomentInputSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, integerParam } from '../../platform/http/pagination.js';
import { EventNameSchema, PropertyNameSchema } from '../meters/meters.schemas.js';

const reference = z.string().min(1).max(ID_LENGTH_MAX);

export const ListUsageQuerySchema = z.strictObject({
  limit: integerParam({ min: 1, max: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT }),
  cursor: z.string().max(1_000).optional().meta({ description: 'The nextCursor of the page before.' }),
  sort: z.enum(['-timestamp', 'timestamp']).default('-timestamp'),
  customer: reference.optional().meta({ description: 'By its id or your external id.' }),
  subscription: reference.optional().meta({ description: 'Events that name this subscription.' }),
  eventName: EventNameSchema.optional(),
  'timestamp[gte]': MomentInputSchema.optional(),
  'timestamp[lt]': MomentInputSchema.optional(),
});
export type ListUsageQuery = z.infer<typeof ListUsageQuerySchema>;

export const GRANULARITIES = ['day', 'hour', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

export const UsageSummaryQuerySchema = z.strictObject({
  meter: reference.meta({ description: 'By its id or your external id.' }),
  customer: reference
    .optional()
    .meta({ description: 'One customer, by its id or your external id; all of them unless given.' }),
  from: MomentInputSchema.meta({
    description: 'From the start of the day, hour or month that this lies in.',
  }),
  to: MomentInputSchema.meta({
    description: 'To the end of the day, hour or month that this is still in; exclusive.',
  }),
  granularity: z.enum(GRANULARITIES).default('day'),
  groupBy: PropertyNameSchema.optional().meta({ description: 'A property of the meter’s own groupBy.' }),
});
export type UsageSummaryQuery = z.infer<typeof UsageSummaryQuerySchema>;

const TotalSchema = z
  .object({
    groupValue: z
      .string()
      .nullable()
      .meta({ description: 'Of the property it is grouped by; null without one.' }),
    quantity: z.string().meta({ description: 'A decimal.', example: '1250' }),
    events: z.int(),
  })
  .meta({ id: 'UsageTotal' });

export const UsageSummarySchema = z
  .object({
    object: z.literal('usage_summary'),
    meterId: z.string(),
    customerId: z.string().nullable(),
    aggregation: z.string(),
    unit: z.string().nullable(),
    timeZone: z
      .string()
      .meta({ description: 'Where days and months begin: the customer’s, or the tenant’s.' }),
    granularity: z.enum(GRANULARITIES),
    from: MomentSchema,
    to: MomentSchema,
    data: z.array(
      z
        .object({ start: MomentSchema, end: MomentSchema, totals: z.array(TotalSchema) })
        .meta({ id: 'UsageBucket' }),
    ),
    totals: z
      .array(TotalSchema)
      .meta({ description: 'Of the whole time, which need not be the sum of its parts.' }),
  })
  .meta({ id: 'UsageSummary' });
export type UsageSummaryWire = z.infer<typeof UsageSummarySchema>;

export const CustomerUsageSchema = z
  .object({
    object: z.literal('customer_usage'),
    customerId: z.string(),
    data: z.array(
      z
        .object({
          meterId: z.string(),
          meterName: z.string(),
          eventName: z.string(),
          unit: z.string().nullable(),
          subscriptionId: z
            .string()
            .nullable()
            .meta({ description: 'That bills it; null when it is counted by the calendar month.' }),
          periodStart: MomentSchema,
          periodEnd: MomentSchema,
          quantity: z.string().meta({ description: 'A decimal.' }),
          events: z.int(),
        })
        .meta({ id: 'CurrentUsage' }),
    ),
  })
  .meta({ id: 'CustomerUsage' });
export type CustomerUsageWire = z.infer<typeof CustomerUsageSchema>;
