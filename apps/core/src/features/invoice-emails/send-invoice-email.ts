import type { Mailer } from '../../platform/mail/mailer.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { prepareEmail } from './prepare-email.js';
import type { EmailParts, PreparedEmail } from './prepared-email.js';

const ERROR_LENGTH_MAX = 500;

export interface MailDeps extends EmailParts {
  readonly mailer: Mailer;
  /** What our Message-IDs end in. */
  readonly messageIdHost: string;
}

/**
 * Sends an e-mail that is owed, as things stand now, unless there is no reason to any more. The row is held while the
 * server is spoken to, so that two runs of the job send once. Only a crash between the server's yes and the commit sends
 * again, and then with the same Message-ID, by which mail programs know the second for the first.
 */
export async function sendInvoiceEmail(deps: MailDeps, ctx: TenantContext, emailId: string): Promise<void> {
  const email = await ctx.db.emailMessage.findUnique({ where: { id: emailId } });
  if (email === null || email.status === 'sent' || email.status === 'canceled') return;
  const prepared = await prepareEmail(ctx, email, deps);
  if (prepared === null) return cancel(ctx, emailId);
  try {
    await ctx.transaction((tx) => sendOnce(deps, ctx, tx, { emailId, prepared }));
  } catch (error) {
    await recordFailure(ctx, emailId, error);
    throw error;
  }
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

/** What has no reason any more is never sent, unless another run has sent it already. */
async function cancel(ctx: TenantContext, emailId: string): Promise<void> {
  await ctx.transaction((tx) =>
    tx.db.emailMessage.updateMany({
      where: { id: emailId, status: { not: 'sent' } },
      data: { status: 'canceled', error: null },
    }),
  );
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
