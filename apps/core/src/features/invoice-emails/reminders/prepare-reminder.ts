import type { DunningRun, EmailMessage, Payment } from '@nova/prisma-tenant';

import { upcomingMoments } from '../../../domain/dunning/dunning-schedule.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { courseOf } from '../../dunning/dunning-run-wire.js';
import { failureWords } from '../../hosted-pages/pages/failure-words.js';
import { buildInvoiceDocument, readPrintable } from '../../invoices/build-invoice-document.js';
import { renderInvoicePdf } from '../../invoices/document/render-invoice-pdf.js';
import { pdfFileName } from '../../invoices/invoice-pdf.js';
import type { EmailParts, PreparedEmail } from '../prepared-email.js';
import type { Reminder } from './compose-reminder.js';

/**
 * The letter of a step of dunning, about the invoice as it stands now. Null when the invoice is not owed any more: who paid
 * a minute ago is not written to.
 */
export async function prepareReminder(
  ctx: TenantContext,
  { invoiceId, about }: EmailMessage,
  { payLinks }: EmailParts,
): Promise<PreparedEmail | null> {
  const invoice = await readPrintable(ctx.db, invoiceId);
  const reminder = await readReminder(ctx, about);
  if (invoice.status !== 'open' || reminder === null) return null;
  const payLink = await payLinks.of(ctx, invoice);
  const document = buildInvoiceDocument(ctx, invoice, { edition: 'copy', payLink });
  const content = await renderInvoicePdf(document);
  // The templates are loaded with the first reminder: most processes never write one.
  const { composeReminder } = await import('./compose-reminder.js');
  return {
    ...composeReminder(document, reminder),
    replyTo: document.seller.email,
    attachment: { filename: pdfFileName(invoice), content },
  };
}

/** What the letter is about: the run and the step, as they were written down when it was owed. */
async function readReminder(ctx: TenantContext, about: string | null): Promise<Reminder | null> {
  const [runId = '', number = ''] = (about ?? '').split(':');
  const run = await ctx.db.dunningRun.findUnique({ where: { id: runId } });
  if (!run) return null;
  const course = courseOf(run, ctx.tenant.timeZone);
  const action = course.steps[Number(number)]?.actions.find(({ kind }) => kind === 'email');
  if (action?.kind !== 'email') return null;
  const failed = await lastFailure(ctx, run);
  const next = run.nextStepAt && { step: run.nextStep, at: run.nextStepAt };
  const upcoming = upcomingMoments(course, next);
  const charge = upcoming.find(({ step }) =>
    course.steps[step]?.actions.some(({ kind }) => kind === 'charge'),
  );
  return {
    template: action.template,
    reason: failed && failureWords(failed.failureCode),
    chargedAgainAt: failed?.retryable === true ? (charge?.at ?? null) : null,
    finalAction: course.finalAction,
    finalAt: upcoming.at(-1)?.at ?? run.endedAt ?? ctx.clock.now(),
  };
}

/** The last charge without the customer, if it has failed: of what they tried themselves they know. */
async function lastFailure(ctx: TenantContext, { invoiceId }: DunningRun): Promise<Payment | null> {
  const last = await ctx.db.payment.findFirst({
    where: { invoiceId, paymentMethodId: { not: null } },
    orderBy: { attempt: 'desc' },
  });
  return last?.status === 'failed' ? last : null;
}
