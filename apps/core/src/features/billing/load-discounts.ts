import type { Coupon, Discount as DiscountRow } from '@nova/prisma-tenant';
import { z } from 'zod';

import type { Discount } from '../../domain/coupons/discount-types.js';
import { type CouponTerms, discountInForce, type DiscountState } from '../../domain/coupons/discount-uses.js';
import { toDecimal } from '../../domain/money/decimal.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

/** A coupon that a customer, or one of its subscriptions, has, with what is left of it. */
export interface ActiveDiscount {
  /** Null for all that the customer has. */
  readonly subscriptionId: string | null;
  readonly name: string;
  /** Of a fixed amount; null for a percentage. */
  readonly currency: string | null;
  readonly terms: CouponTerms;
  readonly state: DiscountState;
}

const LimitSchema = z.object({
  planIds: z.array(z.string()).default([]),
  priceIds: z.array(z.string()).default([]),
});

/**
 * The active discounts of customers, theirs and their subscriptions', by customer. `lock` keeps them as they are until
 * the transaction ends, so that two invoices cannot use up the same rest; always in the order of their ids.
 */
export async function loadDiscounts(
  db: TenantReader,
  customerIds: readonly string[],
  access: 'read' | 'lock',
): Promise<Map<string, ActiveDiscount[]>> {
  const wanted = [...new Set(customerIds)];
  if (access === 'lock') {
    const held = await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM discounts WHERE customer_id = ANY(${wanted}) AND status = 'active' ORDER BY id FOR UPDATE`;
    if (held.length === 0) return new Map();
  }
  const rows = await db.discount.findMany({
    where: { customerId: { in: wanted }, status: 'active' },
    include: { coupon: true },
    orderBy: [{ attachedAt: 'asc' }, { id: 'asc' }],
  });
  const byCustomer = new Map<string, ActiveDiscount[]>();
  for (const row of rows) {
    const known = byCustomer.get(row.customerId);
    if (known) known.push(activeDiscount(row));
    else byCustomer.set(row.customerId, [activeDiscount(row)]);
  }
  return byCustomer;
}

/** The discount as the arithmetic takes it on an invoice in a currency; null where it is not for that one. */
export function discountFor({ currency, terms, state }: ActiveDiscount, of: string): Discount | null {
  if (currency !== null && currency !== of) return null;
  return discountInForce(terms, state) ?? null;
}

/** A discount's row as billing takes it. */
export function activeDiscount(row: DiscountRow & { coupon: Coupon }): ActiveDiscount {
  const { id, attachedAt, amountLeft, periodsUsed, coupon } = row;
  return {
    subscriptionId: row.subscriptionId,
    name: coupon.name,
    currency: coupon.kind === 'fixed' ? coupon.currency : null,
    terms: couponTerms(coupon),
    state: { id, attachedAt, status: 'active', amountLeft, periodsUsed },
  };
}

function couponTerms(coupon: Coupon): CouponTerms {
  const { id, percentOff, amountOff, appliesTo, duration, periods } = coupon;
  const value =
    percentOff !== null
      ? ({ kind: 'percentage', percent: toDecimal(percentOff) } as const)
      : amountOff !== null
        ? ({ kind: 'fixed', amount: amountOff } as const)
        : null;
  if (value === null) throw new Error(`Coupon ${id} takes nothing off.`);
  return {
    value,
    duration:
      duration === 'repeating'
        ? { kind: 'repeating', periods: periods ?? 1 }
        : { kind: duration === 'once' ? 'once' : 'forever' },
    appliesTo: appliesTo === null ? null : LimitSchema.parse(appliesTo),
  };
}
