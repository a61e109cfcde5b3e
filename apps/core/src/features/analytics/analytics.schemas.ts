import { z } from 'zod';

import { CurrencySchema, TimeZoneSchema } from '../../platform/wire/codes.js';

const date = z.iso.date();

export const ANALYTICS_GROUPS = ['day', 'week', 'month'] as const;

export const AnalyticsQuerySchema = z.strictObject({
  from: date
    .optional()
    .meta({ description: 'The first day; that of the month eleven months before `to` unless given.' }),
  to: date.optional().meta({ description: 'The last day, which is part of it; today unless given.' }),
  groupBy: z.enum(ANALYTICS_GROUPS).default('month'),
  currency: CurrencySchema.optional().meta({
    description: 'Only this one; all that there are unless given.',
  }),
  timeZone: TimeZoneSchema.optional().meta({ description: 'Where days begin; the tenant’s unless given.' }),
});
export type AnalyticsQuery = z.infer<typeof AnalyticsQuerySchema>;

/** The time that an answer is of, as all of them tell it. */
export const rangeFields = {
  from: date.meta({ description: 'The first day.' }),
  to: date.meta({ description: 'The last day.' }),
  timeZone: z.string(),
  groupBy: z.enum(ANALYTICS_GROUPS),
};

/** Minor units, either way. */
export const signedAmount = z.int().meta({ description: 'In minor units.', example: 125000 });

/** A share, as a decimal string; null where there is nothing that it could be a share of. */
export const RatioSchema = z.string().nullable().meta({
  description: 'A decimal, 0.05 for five in a hundred; null where there was nothing.',
  example: '0.05',
});
