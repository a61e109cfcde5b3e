import { type Coupon, Prisma } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { takingNames } from './coupons.repository.js';
import type { CreateCoupon } from './coupons.schemas.js';
import { resolveLimit } from './resolve-limit.js';
import { recordChange } from '../events/record-change.js';
import { toCouponWire } from './coupon-wire.js';

/**
 * Makes a coupon, which nobody has yet.
 * @throws notFound, couponCodeTaken, externalIdTaken, invalidRequest
 */
export async function createCoupon(ctx: TenantContext, input: CreateCoupon): Promise<Coupon> {
  const redeemBy = readRedeemBy(ctx, input.redeemBy ?? null);
  const now = ctx.clock.now();
  return takingNames(() =>
    ctx.transaction(async (tx) => {
      const limit = input.appliesTo && (await resolveLimit(tx.db, input.appliesTo, input.currency ?? null));
      const coupon = await tx.db.coupon.create({
        data: {
          id: newId('cpn'),
          externalId: input.externalId ?? null,
          name: input.name,
          code: input.code ?? null,
          kind: input.kind,
          percentOff: input.percentOff ?? null,
          amountOff: input.amountOff ?? null,
          currency: input.currency ?? null,
          duration: input.duration,
          periods: input.periods ?? null,
          appliesTo: limit ?? Prisma.DbNull,
          maxRedemptions: input.maxRedemptions ?? null,
          redeemBy,
          metadata: input.metadata,
          createdAt: now,
          updatedAt: now,
        },
      });
      await recordChange(tx, ctx, 'coupon.created', toCouponWire(coupon));
      return coupon;
    }),
  );
}

/**
 * The moment from which nobody new gets a coupon.
 * @throws invalidRequest when it has passed
 */
export function readRedeemBy(ctx: TenantContext, text: string | null): Date | null {
  if (text === null) return null;
  const moment = new Date(text);
  if (moment > ctx.clock.now()) return moment;
  throw invalidRequest('redeemBy must not lie in the past.', {
    errors: [{ pointer: '/redeemBy', code: 'out_of_range', message: 'must not lie in the past' }],
  });
}
