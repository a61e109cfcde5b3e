import type { EmailMessage } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { prepareAction } from './prepare-action.js';
import { prepareInvoice } from './prepare-invoice.js';
import { prepareReceipt } from './prepare-receipt.js';
import { prepareReminder } from './reminders/prepare-reminder.js';
import type { EmailParts, PreparedEmail } from './prepared-email.js';

/** Writes an e-mail that is owed, as things stand now; null when there is no reason to send it any more. */
type PrepareEmail = (
  ctx: TenantContext,
  email: EmailMessage,
  parts: EmailParts,
) => Promise<PreparedEmail | null>;

/** How the e-mails of each kind are written. */
const KINDS: ReadonlyMap<string, PrepareEmail> = new Map<string, PrepareEmail>([
  [
    'invoice_issued',
    (ctx, email, { payLinks }) => prepareInvoice(ctx, email, { edition: 'original', payLinks }),
  ],
  ['payment_receipt', prepareReceipt],
  ['payment_action', prepareAction],
  ['payment_reminder', prepareReminder],
  ['invoice_resend', (ctx, email, { payLinks }) => prepareInvoice(ctx, email, { edition: 'copy', payLinks })],
]);

/** Writes an e-mail that is owed; null when it is owed no more. */
export function prepareEmail(
  ctx: TenantContext,
  email: EmailMessage,
  parts: EmailParts,
): Promise<PreparedEmail | null> {
  const prepare = KINDS.get(email.kind);
  if (!prepare) throw new Error(`Nobody knows how to write an e-mail of the kind ${email.kind}.`);
  return prepare(ctx, email, parts);
}
