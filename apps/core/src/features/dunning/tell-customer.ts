import type { Customer, DunningRun, Invoice } from '@nova/prisma-tenant';

import { SKIP_NOTES } from '../../domain/dunning/charge-decision.js';
import type { DunningAction, DunningStep, ReminderTemplate } from '../../domain/dunning/dunning-policy.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvent } from '../events/record-event.js';
import type { PayLinks } from '../hosted-pages/pay-links.js';
import { reminderText } from '../invoice-emails/reminders/reminder-text.js';
import { readPrintable } from '../invoices/build-invoice-document.js';
import type { NotificationChannels } from '../notifications/notification-channels.js';
import { writeEntry } from './dunning-entries.js';
import type { InvoiceSituation } from './invoice-situation.js';

export interface TellDeps {
  readonly payLinks: PayLinks;
  readonly channels: NotificationChannels;
}

interface Told {
  readonly run: DunningRun;
  readonly invoice: Invoice;
  readonly customer: Customer;
}

/** Reminds the customer in all ways of a step that were not taken yet. Whom there is no way to reach is not reminded. */
export async function tellCustomer(
  ctx: TenantContext,
  tx: TenantTransaction,
  deps: TellDeps,
  { situation, step }: { situation: InvoiceSituation; step: DunningStep },
): Promise<void> {
  const { run, invoice, done } = situation;
  const customer = await tx.db.customer.findUniqueOrThrow({ where: { id: invoice.customerId } });
  const told = { run, invoice, customer };
  // Who has perhaps paid is not told that he has not.
  const isParked = situation.charge.parked === 'some';
  const isDone = (action: DunningAction) => done.some(({ kind }) => kind === action.kind);
  for (const action of step.actions.filter((one) => !isDone(one))) {
    if (action.kind === 'charge') continue;
    const note = isParked
      ? SKIP_NOTES.parked_money
      : action.kind === 'email'
        ? await sendEmail(ctx, tx, told)
        : await sendSms(ctx, tx, deps, { ...told, template: action.template });
    await writeEntry(ctx, tx, run, { kind: action.kind, step: run.nextStep, note });
  }
}

/** The letter is written when it is sent, so that it says what is due then; see `prepareReminder`. */
async function sendEmail(
  ctx: TenantContext,
  tx: TenantTransaction,
  { run, invoice, customer }: Told,
): Promise<string> {
  if (customer.email === null) return 'The customer has no e-mail address.';
  const id = newId('eml');
  const about = `${run.id}:${run.nextStep}`;
  await tx.db.emailMessage.create({
    data: {
      id,
      invoiceId: invoice.id,
      kind: 'payment_reminder',
      about,
      dedupeKey: `dunning:${about}`,
      recipient: customer.email,
      status: 'queued',
      createdAt: ctx.clock.now(),
    },
  });
  await tx.enqueue('invoices.email', { emailId: id });
  return `To ${customer.email}.`;
}

async function sendSms(
  ctx: TenantContext,
  tx: TenantTransaction,
  { payLinks, channels }: TellDeps,
  { run, invoice, customer, template }: Told & { template: ReminderTemplate },
): Promise<string> {
  if (customer.phone === null) return 'The customer has no phone number.';
  const link = await payLinks.of(ctx, await readPrintable(tx.db, invoice.id));
  const text = reminderText({ template, seller: ctx.tenant.name, invoice, link });
  const channel = channels.of('sms');
  if (channel) {
    await channel(ctx, tx, { to: customer.phone, text, dunningRunId: run.id, invoiceId: invoice.id });
    return `To ${customer.phone}.`;
  }
  await recordEvent(tx, ctx, {
    type: 'notification.requested',
    objectType: 'dunning_run',
    objectId: run.id,
    data: { channel: 'sms', to: customer.phone, text, invoiceId: invoice.id, dunningRunId: run.id },
  });
  return `No channel sends SMS: your systems were asked to, by an event, for ${customer.phone}.`;
}
