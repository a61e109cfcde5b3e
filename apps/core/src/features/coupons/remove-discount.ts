import { notFound } from '../../platform/errors/common-errors.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { discountsChanged } from '../analytics/mrr/refresh-mrr.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { recordChange } from '../events/record-change.js';
import { toDiscountWire } from './discount-wire.js';

/**
 * Takes a coupon away from a customer, from the next invoice on. One that is used up or gone already stays as it is.
 * It still counts as redeemed.
 * @throws notFound
 */
export async function removeDiscount(
  ctx: TenantContext,
  customerReference: string,
  discountId: string,
): Promise<void> {
  const { id: customerId } = await requireCustomer(ctx.db, customerReference);
  await ctx.transaction(async (tx) => {
    await lockAccounts(tx.db, [customerId]);
    const discount = await tx.db.discount.findUnique({ where: { id: discountId, customerId } });
    if (!discount) throw notFound('The customer has no such discount.');
    const { count } = await tx.db.discount.updateMany({
      where: { id: discountId, status: 'active' },
      data: { status: 'removed', endedAt: ctx.clock.now() },
    });
    if (count > 0) {
      const removed = await tx.db.discount.findUniqueOrThrow({
        where: { id: discountId },
        include: { coupon: true },
      });
      await recordChange(tx, ctx, 'discount.removed', toDiscountWire(removed));
    }
    await discountsChanged(ctx, tx, [customerId]);
  });
}
