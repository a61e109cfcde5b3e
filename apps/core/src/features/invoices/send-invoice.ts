import type { EmailMessage } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { customerHasNoEmail, invoiceNotSendable } from './invoices.errors.js';
import { lockInvoice } from './invoices.repository.js';

/**
 * E-mails an issued invoice to its customer once more, at the address the customer has now. A request that is
 * repeated with the same request id sends once.
 * @throws notFound, invoiceNotSendable, customerHasNoEmail
 */
export async function sendInvoice(ctx: TenantContext, reference: string): Promise<EmailMessage> {
  return ctx.transaction(async (tx) => {
    const invoice = await lockInvoice(tx.db, reference);
    if (invoice.status === 'draft')
      throw invoiceNotSendable(`Invoice ${invoice.id} is a draft: finalise it first.`);
    const customer = await tx.db.customer.findUniqueOrThrow({ where: { id: invoice.customerId } });
    if (customer.email === null) throw customerHasNoEmail(`Customer ${customer.id} has no e-mail address.`);
    const id = newId('eml');
    // The prefix keeps a caller's own request id from being the key of the e-mail that issuing owed.
    const dedupeKey = `resend:${ctx.requestId ?? id}`;
    const asked = await tx.db.emailMessage.findUnique({
      where: { invoiceId_dedupeKey: { invoiceId: invoice.id, dedupeKey } },
    });
    if (asked) return asked;
    const email = await tx.db.emailMessage.create({
      data: {
        id,
        invoiceId: invoice.id,
        kind: 'invoice_resend',
        dedupeKey,
        recipient: customer.email,
        status: 'queued',
        createdAt: ctx.clock.now(),
      },
    });
    await tx.enqueue('invoices.email', { emailId: id });
    return email;
  });
}
