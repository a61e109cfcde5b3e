import type { Refund } from '@nova/prisma-tenant';

import type { TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { lockParked } from '../unmatched-payments/resolve-parked.js';

/**
 * The refund, with the row held that every change of what goes back passes: its payment's invoice, or the money that was
 * parked.
 */
export async function lockRefund({ db }: TenantTransaction, id: string): Promise<Refund> {
  const { payment, unmatchedPaymentId } = await db.refund.findUniqueOrThrow({
    where: { id },
    include: { payment: { select: { invoiceId: true } } },
  });
  if (payment) await lockInvoice(db, payment.invoiceId);
  else if (unmatchedPaymentId !== null) await lockParked(db, unmatchedPaymentId);
  return db.refund.findUniqueOrThrow({ where: { id } });
}
