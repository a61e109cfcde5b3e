import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { couponInUse } from './coupons.errors.js';
import { lockCoupon } from './coupons.repository.js';
import { recordChange } from '../events/record-change.js';
import { toCouponWire } from './coupon-wire.js';

/**
 * Deletes a coupon that nobody was ever given. Others are archived instead.
 * @throws notFound, preconditionFailed, couponInUse
 */
export async function deleteCoupon(
  ctx: TenantContext,
  idOrExternalId: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const coupon = await lockCoupon(tx.db, idOrExternalId);
    checkVersion(expected, coupon.version);
    const given = await tx.db.discount.findFirst({
      where: { couponId: coupon.id },
      select: { customerId: true },
    });
    if (given) {
      throw couponInUse(
        `Customer ${given.customerId} has had it. Archive it instead: PATCH {"active": false}.`,
      );
    }
    await tx.db.coupon.delete({ where: { id: coupon.id } });
    await recordChange(tx, ctx, 'coupon.deleted', toCouponWire(coupon));
  });
}
