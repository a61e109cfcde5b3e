import type { Payment, Refund } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockParked, resolveParked } from '../unmatched-payments/resolve-parked.js';

/** All of a payment that settled nothing is to go back: nobody has to look at it any more. */
export async function endParked(
  ctx: TenantContext,
  tx: TenantTransaction,
  { payment, refund }: { payment: Payment; refund: Refund },
): Promise<void> {
  const { id: paymentId, provider } = payment;
  const row = await tx.db.unmatchedPayment.findFirst({
    where: { provider, paymentId, reason: 'invoice_not_open', status: 'open' },
    select: { id: true },
  });
  if (!row) return;
  const parked = await lockParked(tx.db, row.id);
  if (parked.status !== 'open') return;
  await resolveParked(ctx, tx, parked, { status: 'returned', resolution: refund.id });
}
