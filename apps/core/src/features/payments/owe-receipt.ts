import type { Payment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Owes the customer an e-mail with the receipt of a payment that succeeded, once. There is none of the charge that the
 * invoice's own e-mail tells of: what is charged by itself as it is issued makes one e-mail and not two.
 */
export async function oweReceipt(ctx: TenantContext, tx: TenantTransaction, payment: Payment): Promise<void> {
  if (ctx.tenant.settings.receiptEmails === 'none') return;
  const { id, invoiceId, customerId } = payment;
  const customer = await tx.db.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: { email: true },
  });
  if (customer.email === null || (await isAnnounced(tx, payment))) return;
  const emailId = newId('eml');
  await tx.db.emailMessage.create({
    data: {
      id: emailId,
      invoiceId,
      kind: 'payment_receipt',
      about: id,
      dedupeKey: `receipt:${id}`,
      recipient: customer.email,
      status: 'queued',
      createdAt: ctx.clock.now(),
    },
  });
  await tx.enqueue('invoices.email', { emailId });
}

/** Whether the invoice's e-mail says that it is charged by itself, or paid so; not where the customer had to confirm that. */
async function isAnnounced(
  { db }: TenantTransaction,
  { id, invoiceId, attempt, paymentMethodId }: Payment,
): Promise<boolean> {
  if (attempt > 1 || paymentMethodId === null) return false;
  const { collectionMethod } = await db.invoice.findUniqueOrThrow({
    where: { id: invoiceId },
    select: { collectionMethod: true },
  });
  if (collectionMethod !== 'charge_automatically') return false;
  const asked = await db.emailMessage.count({ where: { invoiceId, kind: 'payment_action', about: id } });
  return asked === 0;
}
