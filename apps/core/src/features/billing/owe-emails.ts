import type { Invoice } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantTransaction } from '../../tenancy/tenant-context.js';
import type { BilledCustomer } from './load-customers.js';

const KIND = 'invoice_issued';

/** Owes each customer who can be written to the e-mail of its invoice, and sees that it is sent after commit. */
export async function oweEmails(
  tx: TenantTransaction,
  invoices: readonly Invoice[],
  customerOf: (id: string) => BilledCustomer,
  now: Date,
): Promise<void> {
  const emails = invoices.flatMap(({ id, customerId }) => {
    const { email } = customerOf(customerId);
    return email === null ? [] : [{ id: newId('eml'), invoice_id: id, recipient: email }];
  });
  if (emails.length === 0) return;
  await tx.db.$executeRaw`
    INSERT INTO email_messages (id, invoice_id, kind, dedupe_key, recipient, status, created_at)
    SELECT id, invoice_id, ${KIND}, ${KIND}, recipient, 'queued', ${now}
    FROM jsonb_to_recordset(${JSON.stringify(emails)}::jsonb) AS email (id text, invoice_id text, recipient text)`;
  await tx.enqueueAll(
    'invoices.email',
    emails.map(({ id }) => ({ emailId: id })),
  );
}
