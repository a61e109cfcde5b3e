import type { Coupon, Discount } from '@nova/prisma-tenant';
import { z } from 'zod';

import { toWireAmount } from '../../domain/money/money.js';
import { AmountSchema, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { CouponSchema, toCouponWire } from './coupon-wire.js';

export const DISCOUNT_STATUSES = ['active', 'used_up', 'removed'] as const;

export const DiscountSchema = z
  .object({
    object: z.literal('discount'),
    id: z.string(),
    customerId: z.string(),
    subscriptionId: z.string().nullable().meta({ description: 'Null for all that the customer has.' }),
    coupon: CouponSchema,
    status: z.enum(DISCOUNT_STATUSES),
    amountLeft: AmountSchema.nullable().meta({
      description: 'What is left of a fixed coupon that is used once; null of others.',
    }),
    periodsUsed: z.int().meta({ description: 'Invoices of periods that it was used on.' }),
    attachedAt: MomentSchema,
    endedAt: MomentSchema.nullable(),
  })
  .meta({ id: 'Discount', description: 'A coupon that a customer, or one of its subscriptions, has.' });
export type DiscountWire = z.infer<typeof DiscountSchema>;

export const DiscountListSchema = listOf(DiscountSchema, 'DiscountList');

export type DiscountWithCoupon = Discount & { coupon: Coupon };

/** The discount as callers see it. */
export function toDiscountWire(row: DiscountWithCoupon): DiscountWire {
  return {
    object: 'discount',
    id: row.id,
    customerId: row.customerId,
    subscriptionId: row.subscriptionId,
    coupon: toCouponWire(row.coupon),
    status: row.status as DiscountWire['status'],
    amountLeft: row.amountLeft === null ? null : toWireAmount(row.amountLeft),
    periodsUsed: row.periodsUsed,
    attachedAt: row.attachedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
