import type { Invoice } from '@nova/prisma-tenant';

import { addLocalDays } from '../../domain/calendar/periods.js';
import { overdueFromOf } from '../../domain/invoices/invoice-dates.js';
import { invoiceStates } from '../../domain/invoices/invoice-state.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { settleFromCredit } from '../balances/settle-from-credit.js';
import { buyerOf, sellerOf } from '../invoices/invoice-parties.js';
import { type BilledCustomer, loadCustomers } from './load-customers.js';
import { oweEmails } from './owe-emails.js';
import { takeInvoiceNumbers } from './take-invoice-numbers.js';
import { recordEvents } from '../events/record-event.js';
import { issuedEvents } from '../invoices/invoice-event.js';

/**
 * Issues drafts that this transaction holds, in their order: settles them from what their customers have, freezes both
 * sides, owes the customers their e-mails, asks for the money, and takes the numbers last. One over nothing is paid from the start and never charged; one that a pause
 * voids has its number and is neither sent nor charged. A fixed number of statements however many there are.
 *
 * The drafts' money is final: see `finalizeDrafts` for drafts that have waited.
 */
export async function issueInvoices(
  ctx: TenantContext,
  tx: TenantTransaction,
  drafts: readonly Invoice[],
  customerOf?: (id: string) => BilledCustomer,
): Promise<Invoice[]> {
  if (drafts.length === 0) return [];
  const customers =
    customerOf ??
    (await loadCustomers(
      tx.db,
      drafts.map(({ customerId }) => customerId),
    ));
  const now = ctx.clock.now();
  const settled = await settleDrafts(ctx, tx, drafts);
  const issued = settled.map((draft) => issue(ctx, draft, { customer: customers(draft.customerId), now }));
  const standing = issued.filter(({ status }) => status !== 'void');
  await tx.enqueueAll(
    'invoices.collect',
    standing.filter((invoice) => isCharged(invoice, customers)).map(({ id }) => ({ invoiceId: id })),
  );
  await oweEmails(tx, standing, customers, now);
  tx.due('overdue_invoices', firstOverdueOf(ctx, standing));
  return numberInvoices(ctx, tx, issued);
}

/** The drafts less what wallets and balances settle of them. What a pause voids takes nothing. */
async function settleDrafts(
  ctx: TenantContext,
  tx: TenantTransaction,
  drafts: readonly Invoice[],
): Promise<Invoice[]> {
  const standing = drafts.filter(({ onFinalize }) => onFinalize !== 'void');
  const taken = await settleFromCredit(ctx, tx, standing);
  return drafts.map((draft) => {
    const { balance = 0n, wallet = 0n } = taken.get(draft.id) ?? {};
    const amountDue = draft.amountDue - balance - wallet;
    return { ...draft, balanceApplied: balance, walletApplied: wallet, amountDue };
  });
}

/** The invoice as it will stand, but for its number. */
function issue(
  ctx: TenantContext,
  draft: Invoice,
  { customer, now }: { customer: BilledCustomer; now: Date },
): Invoice {
  const open = invoiceStates.next(draft.status, 'finalize');
  const isVoid = draft.onFinalize === 'void';
  const isPaid = !isVoid && draft.amountDue === 0n;
  return {
    ...draft,
    status: isVoid ? invoiceStates.next(open, 'void') : isPaid ? invoiceStates.next(open, 'settle') : open,
    amountDue: isVoid ? 0n : draft.amountDue,
    paidAt: isPaid ? now : null,
    voidedAt: isVoid ? now : null,
    issuedAt: now,
    // By the calendar of the customer's place.
    dueAt: addLocalDays(now, draft.netTermsDays, customer.timeZone ?? ctx.tenant.timeZone),
    finalizeAt: null,
    seller: sellerOf(ctx.tenant),
    buyer: buyerOf(customer),
    version: draft.version + 1,
    updatedAt: now,
  };
}

/** When the first of them is overdue, should nobody pay it. */
function firstOverdueOf({ tenant: { timeZone } }: TenantContext, issued: readonly Invoice[]): Date | null {
  const due = issued.flatMap(({ status, dueAt }) => (status === 'open' && dueAt ? [dueAt.getTime()] : []));
  if (due.length === 0) return null;
  return overdueFromOf({ dueAt: new Date(due.reduce((first, at) => Math.min(first, at))), timeZone });
}

function isCharged(invoice: Invoice, customerOf: (id: string) => BilledCustomer): boolean {
  return (
    invoice.status === 'open' &&
    invoice.collectionMethod === 'charge_automatically' &&
    customerOf(invoice.customerId).hasPaymentMethod
  );
}

/** Takes the numbers and writes what was issued: nothing is read or written after it. */
async function numberInvoices(
  ctx: TenantContext,
  tx: TenantTransaction,
  issued: readonly Invoice[],
): Promise<Invoice[]> {
  const [first] = issued;
  if (!first) return [];
  const numbers = await takeInvoiceNumbers(ctx, tx, issued.length);
  const numbered = issued.map((invoice, index) => ({ ...invoice, ...numbers[index] }));
  const rows = numbered.map((invoice) => ({
    id: invoice.id,
    status: invoice.status,
    series: invoice.series,
    sequence: invoice.sequence?.toString(),
    number: invoice.number,
    balance_applied: invoice.balanceApplied.toString(),
    wallet_applied: invoice.walletApplied.toString(),
    amount_due: invoice.amountDue.toString(),
    paid_at: invoice.paidAt,
    voided_at: invoice.voidedAt,
    due_at: invoice.dueAt,
    buyer: invoice.buyer,
  }));
  await tx.db.$executeRaw`
    UPDATE invoices i
    SET status = x.status, series = x.series, sequence = x.sequence, number = x.number,
      balance_applied = x.balance_applied, wallet_applied = x.wallet_applied, amount_due = x.amount_due,
      paid_at = x.paid_at, voided_at = x.voided_at, issued_at = ${first.issuedAt}, due_at = x.due_at,
      finalize_at = NULL, seller = ${JSON.stringify(first.seller)}::jsonb, buyer = x.buyer,
      version = i.version + 1, updated_at = ${first.updatedAt}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x (
      id text, status text, series text, sequence bigint, number text, balance_applied bigint, wallet_applied bigint,
      amount_due bigint, paid_at timestamptz, voided_at timestamptz, due_at timestamptz, buyer jsonb)
    WHERE i.id = x.id`;
  await recordEvents(tx, ctx, numbered.flatMap(issuedEvents));
  return numbered;
}
