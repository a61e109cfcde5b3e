import type { Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { holdCustomer } from '../customers/customers.repository.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import { subscriptionCanceled } from '../subscriptions/subscriptions.errors.js';
import { attachDiscount } from './attach-discount.js';
import type { DiscountWithCoupon } from './discount-wire.js';
import type { AttachDiscountInput } from './discounts.schemas.js';

/**
 * Gives a coupon to a customer, from its next invoice on.
 * @throws notFound, couponNotRedeemable, couponAlreadyApplied, subscriptionCanceled, invalidRequest
 */
export async function giveDiscount(
  ctx: TenantContext,
  customerReference: string,
  input: AttachDiscountInput,
): Promise<DiscountWithCoupon> {
  const { subscriptionId, ...names } = input;
  return ctx.transaction(async (tx) => {
    const { id: customerId } = await holdCustomer(tx.db, customerReference);
    await lockAccounts(tx.db, [customerId]);
    const subscription =
      subscriptionId === undefined ? null : await livingSubscription(tx.db, customerId, subscriptionId);
    return attachDiscount(ctx, tx, { customerId, subscription, ...names });
  });
}

async function livingSubscription(db: Prisma.TransactionClient, customerId: string, reference: string) {
  const where = readReference('sub', reference);
  const found = where && (await db.subscription.findUnique({ where: { ...where, customerId } }));
  const pointer = '/subscriptionId';
  if (!found) {
    const message = 'The customer has no such subscription.';
    throw notFound(message, { errors: [{ pointer, code: 'not_found', message }] });
  }
  if (found.status === 'canceled') {
    const message = `Subscription ${found.id} has ended.`;
    throw subscriptionCanceled(message, { errors: [{ pointer, code: subscriptionCanceled.code, message }] });
  }
  return found;
}
