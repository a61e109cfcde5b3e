import type { EmailMessage } from '@nova/prisma-tenant';

import type { Mailer } from '../../platform/mail/mailer.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { buildInvoiceDocument, readPrintable } from '../invoices/build-invoice-document.js';
import { renderInvoicePdf } from '../invoices/document/render-invoice-pdf.js';
import { pdfFileName } from '../invoices/invoice-pdf.js';
import type { ComposedEmail } from './compose-invoice-email.js';

const ERROR_LENGTH_MAX = 500;

export interface MailDeps {
  readonly mailer: Mailer;
  /** What our Message-IDs end in. */
  readonly messageIdHost: string;
}

interface PreparedEmail extends ComposedEmail {
  /** Answers go to the seller, not to the platform that sends for them. */
  readonly replyTo: string | null;
  readonly attachment: { readonly filename: string; readonly content: Buffer };
}

/**
 * Sends an e-mail that is owed, with the invoice as it stands now. The row is held while the server is spoken to, so
 * that two runs of the job send once. Only a crash between the server's yes and the commit sends again, and then
 * with the same Message-ID, by which mail programs know the second for the first.
 */
export async function sendInvoiceEmail(deps: MailDeps, ctx: TenantContext, emailId: string): Promise<void> {
  const email = await ctx.db.emailMessage.findUnique({ where: { id: emailId } });
  if (email === null || email.status === 'sent') return;
  const prepared = await prepare(ctx, email);
  try {
    await ctx.transaction((tx) => sendOnce(deps, ctx, tx, { emailId, prepared }));
  } catch (error) {
    await recordFailure(ctx, emailId, error);
    throw error;
  }
}

async function prepare(ctx: TenantContext, email: EmailMessage): Promise<PreparedEmail> {
  const invoice = await readPrintable(ctx.db, email.invoiceId);
  const edition = email.kind === 'invoice_resend' ? 'copy' : 'original';
  const document = buildInvoiceDocument(ctx, invoice, edition);
  const content = await renderInvoicePdf(document);
  const replyTo = document.seller.email;
  // The templates are loaded with the first e-mail: most processes never write one.
  const { composeInvoiceEmail } = await import('./compose-invoice-email.js');
  return {
    ...composeInvoiceEmail(document),
    replyTo,
    attachment: { filename: pdfFileName(invoice), content },
  };
}

async function sendOnce(
  { mailer, messageIdHost }: MailDeps,
  ctx: TenantContext,
  tx: TenantTransaction,
  { emailId, prepared }: { emailId: string; prepared: PreparedEmail },
): Promise<void> {
  await tx.db.$queryRaw`SELECT id FROM email_messages WHERE id = ${emailId} FOR UPDATE`;
  const email = await tx.db.emailMessage.findUniqueOrThrow({ where: { id: emailId } });
  if (email.status === 'sent') return;
  const { subject, html, text, attachment, replyTo } = prepared;
  const messageId = `<${email.id}@${messageIdHost}>`;
  await mailer.send({
    to: email.recipient,
    subject,
    html,
    text,
    messageId,
    ...(replyTo === null ? {} : { headers: { 'Reply-To': replyTo } }),
    attachments: [{ ...attachment, contentType: 'application/pdf' }],
  });
  await tx.db.emailMessage.update({
    where: { id: email.id },
    data: { status: 'sent', subject, messageId, error: null, sentAt: ctx.clock.now() },
  });
}

/** `failed` says how the last try went; the queue tries again, and then it may still become `sent`. */
async function recordFailure(ctx: TenantContext, emailId: string, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  await ctx.transaction((tx) =>
    tx.db.emailMessage.updateMany({
      where: { id: emailId, status: { not: 'sent' } },
      data: { status: 'failed', error: message.slice(0, ERROR_LENGTH_MAX) },
    }),
  );
}
