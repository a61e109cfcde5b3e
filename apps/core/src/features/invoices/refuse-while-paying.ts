import type { Invoice, Prisma } from '@nova/prisma-tenant';

import { invoicePaymentInFlight } from './invoices.errors.js';

/**
 * Refuses what must not cross a payment that the provider may still settle. Call it under the invoice's lock, which
 * the payment's attempt row is written under as well.
 * @throws invoicePaymentInFlight
 */
export async function refuseWhilePaying(db: Prisma.TransactionClient, invoice: Invoice): Promise<void> {
  const payment = await db.payment.findFirst({
    where: { invoiceId: invoice.id, status: { in: ['created', 'pending'] } },
    select: { id: true },
  });
  if (payment)
    throw invoicePaymentInFlight(`Payment ${payment.id} of invoice ${invoice.id} has not ended yet.`);
}
