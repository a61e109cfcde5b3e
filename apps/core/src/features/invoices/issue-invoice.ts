import type { Customer, Invoice, Prisma } from '@nova/prisma-tenant';

import { addLocalDays } from '../../domain/calendar/periods.js';
import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { buyerOf, sellerOf } from './invoice-parties.js';
import { takeInvoiceNumber } from './take-invoice-number.js';

/**
 * Finalises a draft that this transaction holds: freezes both sides, owes the customer its e-mail, asks for the
 * money, and takes the number last. An invoice over nothing is paid from the start and never charged.
 */
export async function issueInvoice(
  ctx: TenantContext,
  tx: TenantTransaction,
  draft: Invoice,
): Promise<Invoice> {
  const customer = await tx.db.customer.findUniqueOrThrow({ where: { id: draft.customerId } });
  const now = ctx.clock.now();
  const status = invoiceStates.next(draft.status, 'finalize');
  const isFree = draft.total === 0n;
  if (!isFree) await askForMoney(tx, draft);
  await oweEmail(ctx, tx, draft, customer);
  const issued = {
    status: isFree ? invoiceStates.next(status, 'settle') : status,
    paidAt: isFree ? now : null,
    issuedAt: now,
    dueAt: dueDate(ctx, draft, customer),
    seller: sellerOf(ctx.tenant) satisfies Prisma.InputJsonObject,
    buyer: buyerOf(customer) satisfies Prisma.InputJsonObject,
    updatedAt: now,
  };
  const number = await takeInvoiceNumber(ctx, tx);
  return tx.db.invoice.update({
    where: { id: draft.id },
    data: { ...issued, ...number, version: { increment: 1 } },
  });
}

/** Due some days later by the calendar of the customer's place; at once when the customer is charged unattended. */
function dueDate(ctx: TenantContext, draft: Invoice, customer: Customer): Date {
  return addLocalDays(ctx.clock.now(), draft.netTermsDays, customer.timeZone ?? ctx.tenant.timeZone);
}

async function askForMoney(tx: TenantTransaction, draft: Invoice): Promise<void> {
  if (draft.collectionMethod !== 'charge_automatically') return;
  const method = await tx.db.paymentMethod.findFirst({
    where: { customerId: draft.customerId, isDefault: true, detachedAt: null },
    select: { id: true },
  });
  if (method) await tx.enqueue('invoices.collect', { invoiceId: draft.id });
}

async function oweEmail(
  ctx: TenantContext,
  tx: TenantTransaction,
  draft: Invoice,
  customer: Customer,
): Promise<void> {
  if (customer.email === null) return;
  const kind = 'invoice_issued';
  const email = await tx.db.emailMessage.create({
    data: {
      id: newId('eml'),
      invoiceId: draft.id,
      kind,
      dedupeKey: kind,
      recipient: customer.email,
      status: 'queued',
      createdAt: ctx.clock.now(),
    },
  });
  await tx.enqueue('invoices.email', { emailId: email.id });
}
