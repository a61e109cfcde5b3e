import type { UsageAlert } from '@nova/prisma-tenant';
import { z } from 'zod';

import { readQuantity } from '../../domain/usage/property-value.js';
import { ID_LENGTH_MAX, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';

export const THRESHOLDS_MAX = 20;
export const ALERT_WINDOWS = ['billing_period', 'calendar_month'] as const;
export type AlertWindow = (typeof ALERT_WINDOWS)[number];

export const ThresholdSchema = z
  .strictObject({
    type: z.enum(['quantity', 'percentage']).default('quantity').meta({
      description: '`percentage` is of what the customer has of the quota feature that the meter counts.',
    }),
    value: z
      .string()
      .refine((text) => readQuantity(text)?.gt(0) === true, 'must be a decimal above 0 such as "1000"')
      .meta({ example: '1000' }),
  })
  .meta({ id: 'UsageThreshold' });
export type Threshold = z.infer<typeof ThresholdSchema>;

const name = lineText({ max: 200 });
const thresholds = z
  .array(ThresholdSchema)
  .min(1)
  .max(THRESHOLDS_MAX)
  .refine((list) => new Set(list.map(thresholdKey)).size === list.length, 'must name each threshold once');
const window = z.enum(ALERT_WINDOWS).meta({
  description:
    'Over which time quantities are added up: the period of the subscription that bills the meter (the calendar month where none does), or the calendar month. Percentages go by the quota’s own time.',
});

export const CreateUsageAlertSchema = z
  .strictObject({
    name: name.optional(),
    meterId: z.string().min(1).max(ID_LENGTH_MAX).describe('By its id or your external id.'),
    customerId: z
      .string()
      .min(1)
      .max(ID_LENGTH_MAX)
      .optional()
      .describe('Only this customer; else every one.'),
    thresholds,
    window: window.default('billing_period'),
  })
  .meta({ id: 'CreateUsageAlert' });
export type CreateUsageAlert = z.infer<typeof CreateUsageAlertSchema>;

export const UpdateUsageAlertSchema = z
  .strictObject({
    name: name.nullable().optional(),
    thresholds: thresholds.optional(),
    window: window.optional(),
    active: z.boolean().optional(),
  })
  .meta({ id: 'UpdateUsageAlert', description: 'A merge patch: what is named changes, null clears.' });
export type UpdateUsageAlert = z.infer<typeof UpdateUsageAlertSchema>;

export const ListUsageAlertsQuerySchema = listQuery({
  meter: z.string().min(1).max(ID_LENGTH_MAX).optional(),
  customer: z.string().min(1).max(ID_LENGTH_MAX).optional(),
  active: z.enum(['true', 'false']).optional(),
});
export type ListUsageAlertsQuery = z.infer<typeof ListUsageAlertsQuerySchema>;

export const UsageAlertSchema = z
  .object({
    object: z.literal('usage_alert'),
    id: z.string(),
    name: z.string().nullable(),
    meterId: z.string(),
    customerId: z.string().nullable(),
    thresholds: z.array(ThresholdSchema),
    window: z.enum(ALERT_WINDOWS),
    active: z.boolean(),
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'UsageAlert' });
export type UsageAlertWire = z.infer<typeof UsageAlertSchema>;

export const UsageAlertListSchema = listOf(UsageAlertSchema, 'UsageAlertList');

/** What tells a threshold of an alert apart from its others; 80 and 80.0 are one. */
export function thresholdKey({ type, value }: Threshold): string {
  return `${type}:${readQuantity(value)?.toFixed() ?? value}`;
}

/** Thresholds as the JSON column gives them back. */
export function thresholdsOf({ thresholds: column }: Pick<UsageAlert, 'thresholds'>): Threshold[] {
  return column as Threshold[];
}

/** The alert as callers see it. */
export function toUsageAlertWire(row: UsageAlert): UsageAlertWire {
  return {
    object: 'usage_alert',
    id: row.id,
    name: row.name,
    meterId: row.meterId,
    customerId: row.customerId,
    thresholds: thresholdsOf(row),
    window: row.window as AlertWindow,
    active: row.active,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
