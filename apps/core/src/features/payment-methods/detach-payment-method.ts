import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockPaymentMethod } from './payment-methods.repository.js';
import { recordChange } from '../events/record-change.js';
import { toPaymentMethodWire } from './payment-method-wire.js';

/**
 * Detaches a payment method: it is not found or charged any more, and payments made with it stay on record. When it
 * was the default, the newest of those that are left takes its place, so that a customer who can be charged is. At its
 * provider it is given up afterwards, where that can be done.
 * @throws notFound
 */
export async function detachPaymentMethod(ctx: TenantContext, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { customerId, isDefault, provider } = await lockPaymentMethod(tx.db, id);
    const detached = await tx.db.paymentMethod.update({
      where: { id },
      data: { isDefault: false, detachedAt: ctx.clock.now() },
    });
    await recordChange(tx, ctx, 'payment_method.detached', toPaymentMethodWire(detached));
    if (provider !== 'sandbox') await tx.enqueue('payment_methods.release', { paymentMethodId: id });
    if (!isDefault) return;
    const next = await tx.db.paymentMethod.findFirst({
      where: { customerId, detachedAt: null },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: { id: true },
    });
    if (next) await tx.db.paymentMethod.update({ where: { id: next.id }, data: { isDefault: true } });
  });
}
