import type { Invoice } from '@nova/prisma-tenant';

import { localDate, startOfLocalDate } from '../../domain/calendar/periods.js';
import { overdueFromOf } from '../../domain/invoices/invoice-dates.js';
import { saysAway } from '../../platform/http/away.js';
import type { DueTenant, FirstDue } from '../../tenancy/due-work/due-sources.js';
import { isSchemaBehind } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvent } from '../events/record-event.js';
import { invoiceEvent } from '../invoices/invoice-event.js';
import { lockInvoice } from '../invoices/invoices.repository.js';
import { beginDunning } from './begin-dunning.js';
import { choosePolicy } from './choose-policy.js';

/** What one job may do at most, so that no tenant keeps a worker for long (ADR 0007). What is left comes back. */
const RUN_LIMIT_MS = 1_500;
const BATCH = 200;

/**
 * Tells of every invoice that is overdue by now, once, and begins the dunning of those that nobody is charged for at the
 * moment. Overdue is what was due on an earlier day by the calendar of the tenant's place. Each is a transaction of its
 * own; may run twice at once.
 */
export async function markOverdueInvoices(ctx: TenantContext): Promise<void> {
  const deadline = performance.now() + RUN_LIMIT_MS;
  const seen = new Set<string>();
  do {
    const ids = (await readOverdue(ctx)).filter((id) => !seen.has(id));
    if (ids.length === 0) return;
    for (const id of ids) {
      seen.add(id);
      await markOne(ctx, id);
      if (performance.now() > deadline) return;
    }
  } while (performance.now() < deadline);
}

/** The invoice that falls overdue first, and when. Whichever is due first is overdue first. */
export async function firstOverdue(db: TenantReader, { timeZone }: DueTenant): Promise<FirstDue | null> {
  // By the index of what falls due, which is chosen by the very words of its condition.
  const [first] = await db.$queryRaw<{ id: string; due_at: Date }[]>`
    SELECT id, due_at FROM invoices
    WHERE status = 'open' AND overdue_at IS NULL AND due_at IS NOT NULL ORDER BY due_at, id LIMIT 1`;
  return first ? { at: overdueFromOf({ dueAt: first.due_at, timeZone }), id: first.id } : null;
}

async function readOverdue({ db, clock, tenant }: TenantContext): Promise<string[]> {
  const today = startOfLocalDate(localDate(clock.now(), tenant.timeZone), tenant.timeZone);
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM invoices
    WHERE status = 'open' AND overdue_at IS NULL AND due_at < ${today} ORDER BY due_at, id LIMIT ${BATCH}`;
  return rows.map(({ id }) => id);
}

async function markOne(ctx: TenantContext, id: string): Promise<void> {
  try {
    await ctx.transaction((tx) => markOverdue(ctx, tx, id));
  } catch (error) {
    if (saysAway(error) || isSchemaBehind(error)) throw error;
    ctx.log.error({ err: error, invoiceId: id }, 'An invoice that is overdue could not be marked so.');
  }
}

async function markOverdue(ctx: TenantContext, tx: TenantTransaction, id: string): Promise<void> {
  const invoice = await lockInvoice(tx.db, id);
  // It may have been paid, or marked by another run, since it was found.
  if (invoice.status !== 'open' || invoice.overdueAt !== null || invoice.dueAt === null) return;
  const { timeZone } = ctx.tenant;
  const marked = await tx.db.invoice.update({
    where: { id: invoice.id },
    data: {
      overdueAt: overdueFromOf({ dueAt: invoice.dueAt, timeZone }),
      version: { increment: 1 },
      updatedAt: ctx.clock.now(),
    },
  });
  await recordEvent(tx, ctx, invoiceEvent('invoice.overdue', marked));
  await dunUnlessCharged(ctx, tx, marked);
}

/** A charge that is under way begins the dunning itself, should it fail. */
async function dunUnlessCharged(ctx: TenantContext, tx: TenantTransaction, invoice: Invoice): Promise<void> {
  const charge = await tx.db.payment.findFirst({
    where: {
      invoiceId: invoice.id,
      status: { in: ['created', 'pending'] },
      paymentMethodId: { not: null },
    },
    select: { id: true },
  });
  const run = await tx.db.dunningRun.findUnique({ where: { invoiceId: invoice.id }, select: { id: true } });
  if (charge || run) return;
  const policy = await choosePolicy(tx.db, invoice);
  if (policy) await beginDunning(ctx, tx, invoice, { policy, reason: 'overdue' });
}
