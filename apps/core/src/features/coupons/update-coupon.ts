import type { Coupon, Prisma } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockCoupon, takingNames } from './coupons.repository.js';
import type { UpdateCoupon } from './coupons.schemas.js';
import { readRedeemBy } from './create-coupon.js';
import { recordChange } from '../events/record-change.js';
import { toCouponWire } from './coupon-wire.js';

/**
 * Changes how a coupon is called and who may still get it. What it gives stays what it was.
 * @throws notFound, preconditionFailed, couponCodeTaken, externalIdTaken, invalidRequest
 */
export async function updateCoupon(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdateCoupon,
  expected: ExpectedVersions,
): Promise<Coupon> {
  const { metadata, redeemBy, ...columns } = input;
  const data: Prisma.CouponUpdateInput = { ...columns };
  if (redeemBy !== undefined) data.redeemBy = readRedeemBy(ctx, redeemBy);
  return takingNames(() =>
    ctx.transaction(async (tx) => {
      const coupon = await lockCoupon(tx.db, idOrExternalId);
      checkVersion(expected, coupon.version);
      refuseFewer(coupon, input.maxRedemptions ?? null);
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(coupon.metadata), metadata);
      const changed = await tx.db.coupon.update({
        where: { id: coupon.id },
        data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
      });
      await recordChange(tx, ctx, 'coupon.updated', toCouponWire(changed), { before: toCouponWire(coupon) });
      return changed;
    }),
  );
}

function refuseFewer({ redeemed }: Coupon, maxRedemptions: number | null): void {
  if (maxRedemptions === null || maxRedemptions >= redeemed) return;
  const message = `must not be less than ${redeemed}, which it has been redeemed already`;
  throw invalidRequest(`maxRedemptions ${message}.`, {
    errors: [{ pointer: '/maxRedemptions', code: 'out_of_range', message }],
  });
}
