import type { Payment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/**
 * Owes the customer an e-mail that asks to confirm a charge of a saved method, which its bank wants: nobody was there when it
 * was made. Once for a payment; the invoice's row is held.
 */
export async function oweActionEmail(
  ctx: TenantContext,
  tx: TenantTransaction,
  { id, invoiceId, customerId }: Payment,
): Promise<void> {
  const customer = await tx.db.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: { email: true },
  });
  const dedupeKey = `action:${id}`;
  const known = await tx.db.emailMessage.count({ where: { invoiceId, dedupeKey } });
  if (customer.email === null || known > 0) return;
  const emailId = newId('eml');
  await tx.db.emailMessage.create({
    data: {
      id: emailId,
      invoiceId,
      kind: 'payment_action',
      about: id,
      dedupeKey,
      recipient: customer.email,
      status: 'queued',
      createdAt: ctx.clock.now(),
    },
  });
  await tx.enqueue('invoices.email', { emailId });
}
