import type { PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockPaymentMethod } from './payment-methods.repository.js';
import { recordChange } from '../events/record-change.js';
import { type PaymentMethodWire, toPaymentMethodWire } from './payment-method-wire.js';

/**
 * Makes a payment method the one that its customer is charged with.
 * @throws notFound
 */
export async function makeDefault(ctx: TenantContext, id: string): Promise<PaymentMethod> {
  return ctx.transaction(async (tx) => {
    const { customerId, isDefault } = await lockPaymentMethod(tx.db, id);
    // The old default steps back first: the unique index never sees two.
    await tx.db.paymentMethod.updateMany({
      where: { customerId, isDefault: true, id: { not: id } },
      data: { isDefault: false },
    });
    const changed = await tx.db.paymentMethod.update({ where: { id }, data: { isDefault: true } });
    const shown = toPaymentMethodWire(changed);
    const before: PaymentMethodWire = { ...shown, isDefault };
    await recordChange(tx, ctx, 'payment_method.updated', shown, { before });
    return changed;
  });
}
