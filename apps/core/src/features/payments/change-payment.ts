import type { Payment, Prisma } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { dunningAfterFailure } from '../dunning/dunning-after-failure.js';
import { recordPaymentEvent } from './record-payment-event.js';

/** Changes a payment whose invoice is held, and sees to what follows when its status is another one. */
export async function changePayment(
  ctx: TenantContext,
  tx: TenantTransaction,
  payment: Payment,
  data: Prisma.PaymentUpdateInput,
): Promise<Payment> {
  const changed = await tx.db.payment.update({
    where: { id: payment.id },
    data: { ...data, updatedAt: ctx.clock.now() },
  });
  if (changed.status === payment.status) return changed;
  await recordPaymentEvent(ctx, tx, changed);
  if (changed.status === 'failed') await dunningAfterFailure(ctx, tx, changed);
  return changed;
}
