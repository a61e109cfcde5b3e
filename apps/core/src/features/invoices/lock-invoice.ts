import type { Invoice } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import type { TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Takes the invoice's row until the transaction ends, and reads it as it then is. Every change of an invoice goes
 * through this lock, so that a payment, a void and a mark-paid of one invoice can never cross.
 */
export async function lockInvoice(tx: TenantTransaction, invoiceId: string): Promise<Invoice> {
  await tx.db.$queryRaw`SELECT id FROM invoices WHERE id = ${invoiceId} FOR UPDATE`;
  const invoice = await tx.db.invoice.findUnique({ where: { id: invoiceId } });
  if (!invoice) throw notFound(`There is no invoice ${invoiceId}.`);
  return invoice;
}
