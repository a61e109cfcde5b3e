import type { PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockPaymentMethod } from './payment-methods.repository.js';

/**
 * Makes a payment method the one that its customer is charged with.
 * @throws notFound
 */
export async function makeDefault(ctx: TenantContext, id: string): Promise<PaymentMethod> {
  return ctx.transaction(async (tx) => {
    const { customerId } = await lockPaymentMethod(tx.db, id);
    // The old default steps back first: the unique index never sees two.
    await tx.db.paymentMethod.updateMany({
      where: { customerId, isDefault: true, id: { not: id } },
      data: { isDefault: false },
    });
    return tx.db.paymentMethod.update({ where: { id }, data: { isDefault: true } });
  });
}
