import { z } from 'zod';

import { refusalOf, remainingOf } from '../../domain/entitlements/entitlement.js';
import type { Decimal } from '../../domain/money/decimal.js';
import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { lineText } from '../../platform/wire/text.js';
import { FeatureKindSchema } from '../feature-catalog/feature-wire.js';
import { QuotaResetSchema } from '../feature-catalog/plan-features.schemas.js';
import { QuantitySchema } from '../invoices/invoices.schemas.js';
import type { Holding } from './read-holdings.js';

const reference = z.string().min(1).max(255);
const feature = reference.meta({
  description: 'Its id, its code or your external id.',
  example: 'sms_credits',
});
const transactionId = lineText({ max: 255 }).meta({
  description: 'Your own id of what is done. It counts once, for ever: the same again changes nothing.',
  example: 'sms-2027-03-14-0001',
});

export const CheckEntitlementSchema = z
  .strictObject({
    customerId: reference,
    feature,
    quantity: QuantitySchema.default('1').meta({
      description: 'How much more is wanted. Of a limit that you count yourself, how many there would be.',
    }),
  })
  .meta({ id: 'CheckEntitlement' });
export type CheckEntitlement = z.infer<typeof CheckEntitlementSchema>;

export const ConsumeEntitlementSchema = z
  .strictObject({ customerId: reference, feature, quantity: QuantitySchema.default('1'), transactionId })
  .meta({ id: 'ConsumeEntitlement' });
export type ConsumeEntitlement = z.infer<typeof ConsumeEntitlementSchema>;

const decimalOrNull = (description: string, example: string) =>
  z.string().nullable().meta({ description, example });
const limit = decimalOrNull('A decimal; null is without limit, and of a switch always so.', '1000');
const used = z
  .string()
  .meta({ description: 'A decimal: what counts against the limit by now.', example: '250' });
const remaining = decimalOrNull('A decimal; null is without limit.', '750');
const resetsAt = MomentSchema.nullable().meta({
  description: 'When a quota starts anew; null when it does not.',
});

export const EntitlementSchema = z
  .object({
    object: z.literal('entitlement'),
    featureId: z.string(),
    feature: z.string().meta({ description: 'The feature’s code.' }),
    name: z.string(),
    kind: FeatureKindSchema,
    unit: z.string().nullable(),
    enabled: z.boolean(),
    limit,
    used,
    remaining,
    reset: QuotaResetSchema.nullable(),
    resetsAt,
    source: z
      .enum(['plan', 'override', 'none'])
      .meta({ description: 'Whether plans say so, or an override of the customer.' }),
    overrideExpiresAt: MomentSchema.nullable(),
  })
  .meta({ id: 'Entitlement' });
export type EntitlementWire = z.infer<typeof EntitlementSchema>;

export const EntitlementListSchema = listOf(EntitlementSchema, 'EntitlementList');

export const EntitlementCheckSchema = z
  .object({
    object: z.literal('entitlement_check'),
    customerId: z.string(),
    feature: z.string(),
    allowed: z.boolean(),
    reason: z
      .enum(['not_entitled', 'limit_reached'])
      .nullable()
      .meta({ description: 'Why not: nothing grants it, or it would be more than there is.' }),
    limit,
    used,
    remaining,
    resetsAt,
  })
  .meta({ id: 'EntitlementCheck' });
export type EntitlementCheckWire = z.infer<typeof EntitlementCheckSchema>;

export const ConsumptionSchema = EntitlementCheckSchema.extend({
  object: z.literal('consumption'),
  transactionId: z.string(),
  repeated: z
    .boolean()
    .meta({ description: 'Whether this transactionId was counted before, and not again now.' }),
}).meta({ id: 'Consumption' });
export type ConsumptionWire = z.infer<typeof ConsumptionSchema>;

/** What a customer has, as callers see it. */
export function toEntitlementWire(holding: Holding): EntitlementWire {
  const { feature: held, entitlement, window, overrideExpiresAt } = holding;
  return {
    object: 'entitlement',
    featureId: held.id,
    feature: held.code,
    name: held.name,
    kind: held.kind,
    unit: held.unit,
    enabled: entitlement.enabled,
    ...amountsOf(holding),
    reset: entitlement.reset,
    resetsAt: window?.end?.toISOString() ?? null,
    source: entitlement.source,
    overrideExpiresAt: overrideExpiresAt?.toISOString() ?? null,
  };
}

/** Whether so much more may be used, as callers see it. */
export function toCheckWire(holding: Holding, quantity: Decimal): EntitlementCheckWire {
  const reason = refusalOf(holding.entitlement, { used: holding.used, quantity });
  return {
    object: 'entitlement_check',
    customerId: holding.customerId,
    feature: holding.feature.code,
    allowed: reason === null,
    reason,
    ...amountsOf(holding),
    resetsAt: holding.window?.end?.toISOString() ?? null,
  };
}

function amountsOf({ entitlement, used: counted }: Holding) {
  return {
    limit: entitlement.limit?.toFixed() ?? null,
    used: counted.toFixed(),
    remaining: remainingOf(entitlement.limit, counted)?.toFixed() ?? null,
  };
}
