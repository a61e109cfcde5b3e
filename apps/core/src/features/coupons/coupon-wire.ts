import type { Coupon } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CurrencySchema } from '../../platform/wire/codes.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';

export const COUPON_KINDS = ['percentage', 'fixed'] as const;
export const COUPON_DURATIONS = ['once', 'repeating', 'forever'] as const;

const LimitSchema = z
  .object({ planIds: z.array(z.string()), priceIds: z.array(z.string()) })
  .meta({ id: 'CouponLimit', description: 'Lines of one of the plans or one of the prices.' });
export type CouponLimit = z.infer<typeof LimitSchema>;

export const CouponSchema = z
  .object({
    object: z.literal('coupon'),
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    code: z.string().nullable(),
    kind: z.enum(COUPON_KINDS),
    percentOff: z.string().nullable().meta({ description: 'Percent, a decimal.', example: '12.5' }),
    amountOff: AmountSchema.nullable(),
    currency: CurrencySchema.nullable(),
    duration: z.enum(COUPON_DURATIONS),
    periods: z.int().nullable(),
    appliesTo: LimitSchema.nullable(),
    maxRedemptions: z.int().nullable(),
    redeemed: z.int().meta({ description: 'How many times it was given to somebody.' }),
    redeemBy: MomentSchema.nullable(),
    active: z.boolean().meta({ description: 'Whether it is given to anybody new.' }),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Coupon' });
export type CouponWire = z.infer<typeof CouponSchema>;

export const CouponListSchema = listOf(CouponSchema, 'CouponList');

/** The coupon as callers see it. */
export function toCouponWire(row: Coupon): CouponWire {
  return {
    object: 'coupon',
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    code: row.code,
    // Text columns with few values were checked on their way in, and the answer is checked against the schema.
    kind: row.kind as CouponWire['kind'],
    percentOff: row.percentOff?.toFixed() ?? null,
    amountOff: row.amountOff === null ? null : toWireAmount(row.amountOff),
    currency: row.currency as CouponWire['currency'],
    duration: row.duration as CouponWire['duration'],
    periods: row.periods,
    appliesTo: row.appliesTo as CouponLimit | null,
    maxRedemptions: row.maxRedemptions,
    redeemed: row.redeemed,
    redeemBy: row.redeemBy?.toISOString() ?? null,
    active: row.active,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
