import type { Payment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Owes the customer an e-mail with the receipt of a payment that succeeded, once. Where the invoice's own e-mail has still to
 * be sent there is none: that says what is paid and what is due when it goes, so that an invoice that is charged as it is
 * issued makes one e-mail and not two.
 */
export async function oweReceipt(
  ctx: TenantContext,
  tx: TenantTransaction,
  { id, invoiceId, customerId }: Payment,
): Promise<void> {
  if (ctx.tenant.settings.receiptEmails === 'none') return;
  const customer = await tx.db.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: { email: true },
  });
  if (customer.email === null) return;
  // Held, so that an e-mail that is being written meanwhile sees the payment, or has been sent before it.
  const unsent = await tx.db.$queryRaw<unknown[]>`
    SELECT id FROM email_messages
     WHERE invoice_id = ${invoiceId} AND kind = 'invoice_issued' AND status = 'queued'
       FOR UPDATE SKIP LOCKED`;
  if (unsent.length > 0) return;
  const dedupeKey = `receipt:${id}`;
  const known = await tx.db.emailMessage.count({ where: { invoiceId, dedupeKey } });
  if (known > 0) return;
  const emailId = newId('eml');
  await tx.db.emailMessage.create({
    data: {
      id: emailId,
      invoiceId,
      kind: 'payment_receipt',
      about: id,
      dedupeKey,
      recipient: customer.email,
      status: 'queued',
      createdAt: ctx.clock.now(),
    },
  });
  await tx.enqueue('invoices.email', { emailId });
}
