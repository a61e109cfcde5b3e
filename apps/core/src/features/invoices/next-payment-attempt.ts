import type { Prisma } from '@nova/prisma-tenant';

/** The number of the next payment of an invoice. Call it under the invoice's lock, which the payment is written under. */
export async function nextPaymentAttempt(db: Prisma.TransactionClient, invoiceId: string): Promise<number> {
  const { _max } = await db.payment.aggregate({ where: { invoiceId }, _max: { attempt: true } });
  return (_max.attempt ?? 0) + 1;
}
