import type { Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { reduceDue } from '../invoices/settle-invoice.js';
import { changeBalance } from './change-balance.js';

/**
 * Pays an invoice that was issued before out of its customer's balance, as far as something is due. Hold the invoice's row;
 * `source` is what makes it, unique.
 * @throws balanceTooLow
 */
export async function payFromBalance(
  ctx: TenantContext,
  tx: TenantTransaction,
  { invoice, amount, source }: { invoice: Invoice; amount: bigint; source: string },
): Promise<Invoice> {
  const taken = amount < invoice.amountDue ? amount : invoice.amountDue;
  const { id: invoiceId, customerId, currency } = invoice;
  await changeBalance(ctx, tx, { customerId, currency, kind: 'invoice', amount: -taken, source, invoiceId });
  return reduceDue(ctx, tx, invoice, { amount: taken, from: 'balanceApplied' });
}
