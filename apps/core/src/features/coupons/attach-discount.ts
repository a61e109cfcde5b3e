import type { Coupon } from '@nova/prisma-tenant';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { discountsChanged } from '../analytics/mrr/refresh-mrr.js';
import { couponAlreadyApplied, couponNotRedeemable } from './coupons.errors.js';
import { findByCode } from './coupons.repository.js';
import { type DiscountWithCoupon, toDiscountWire } from './discount-wire.js';
import { recordChange } from '../events/record-change.js';

/** Who gets a coupon, and how the request names it. */
export interface Attachment {
  /** Held by the transaction. */
  readonly customerId: string;
  /** Null for all that the customer has. */
  readonly subscription: { readonly id: string; readonly currency: string } | null;
  /** The coupon's id or external id, or the code that somebody typed in: one of the two. */
  readonly couponId?: string | undefined;
  readonly couponCode?: string | undefined;
}

/**
 * Gives a coupon to a customer or to one subscription. It counts as redeemed by one atomic statement, so that there
 * are never more than its limit; the same statement holds the coupon, so that nobody gets it twice at once.
 * @throws notFound, couponNotRedeemable, couponAlreadyApplied, invalidRequest, with a pointer to the coupon
 */
export async function attachDiscount(
  ctx: TenantContext,
  tx: TenantTransaction,
  attachment: Attachment,
): Promise<DiscountWithCoupon> {
  const pointer = attachment.couponCode === undefined ? '/couponId' : '/couponCode';
  const { id } = await findCoupon(tx.db, attachment, pointer);
  const { customerId, subscription } = attachment;
  const now = ctx.clock.now();
  const redeemed = await tx.db.$executeRaw`
    UPDATE coupons SET redeemed = redeemed + 1
    WHERE id = ${id} AND active AND (redeem_by IS NULL OR redeem_by > ${now})
      AND (max_redemptions IS NULL OR redeemed < max_redemptions)`;
  const coupon = await tx.db.coupon.findUniqueOrThrow({ where: { id } });
  if (redeemed === 0) throw whyNot(coupon, now, pointer);
  if (subscription && coupon.currency !== null && coupon.currency !== subscription.currency) {
    const message = `The coupon is in ${coupon.currency} and the subscription in ${subscription.currency}.`;
    throw invalidRequest(message, { errors: [{ pointer, code: 'currency_mismatch', message }] });
  }
  const holder = { customerId, subscriptionId: subscription?.id ?? null };
  const present = await tx.db.discount.findFirst({ where: { ...holder, couponId: id, status: 'active' } });
  if (present) {
    const message = `Discount ${present.id} is of this coupon.`;
    throw couponAlreadyApplied(message, { errors: [{ pointer, code: 'coupon_already_applied', message }] });
  }
  if (coupon.duration !== 'once') await discountsChanged(ctx, tx, [customerId]);
  const keepsRest = coupon.kind === 'fixed' && coupon.duration === 'once';
  const discount = await tx.db.discount.create({
    data: {
      ...holder,
      id: newId('disc'),
      couponId: id,
      status: 'active',
      amountLeft: keepsRest ? coupon.amountOff : null,
      attachedAt: now,
    },
    include: { coupon: true },
  });
  await recordChange(tx, ctx, 'discount.created', toDiscountWire(discount));
  return discount;
}

/**
 * The coupon that an attachment names, if it could be redeemed now; nothing is written. For previews.
 * @throws notFound, couponNotRedeemable, with a pointer to the coupon
 */
export async function findRedeemable(
  ctx: TenantContext,
  db: TenantReader,
  attachment: Attachment,
): Promise<Coupon> {
  const pointer = attachment.couponCode === undefined ? '/couponId' : '/couponCode';
  const coupon = await findCoupon(db, attachment, pointer);
  const { active, redeemBy, maxRedemptions, redeemed } = coupon;
  const now = ctx.clock.now();
  const isOffered = active && (redeemBy === null || redeemBy > now);
  if (!isOffered || (maxRedemptions !== null && redeemed >= maxRedemptions))
    throw whyNot(coupon, now, pointer);
  return coupon;
}

async function findCoupon(
  db: TenantReader,
  { couponId, couponCode }: Attachment,
  pointer: string,
): Promise<Coupon> {
  const where = couponId === undefined ? null : readReference('cpn', couponId);
  const coupon =
    couponCode === undefined
      ? where && (await db.coupon.findUnique({ where }))
      : await findByCode(db, couponCode);
  if (coupon) return coupon;
  const message = 'There is no such coupon.';
  throw notFound(message, { errors: [{ pointer, code: 'not_found', message }] });
}

function whyNot(coupon: Coupon, now: Date, pointer: string): Error {
  const message = !coupon.active
    ? `Coupon ${coupon.id} is archived.`
    : coupon.redeemBy !== null && coupon.redeemBy <= now
      ? `Coupon ${coupon.id} could be redeemed until ${coupon.redeemBy.toISOString()}.`
      : `Coupon ${coupon.id} has been redeemed as often as it can be.`;
  return couponNotRedeemable(message, { errors: [{ pointer, code: couponNotRedeemable.code, message }] });
}
