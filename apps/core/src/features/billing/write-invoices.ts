import type { Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { assemblePlan, loadBillingTerms } from './assemble-invoice-plans.js';
import { insertClaims, insertDrafts } from './insert-drafts.js';
import type { AssembledPlan, InvoicePlan } from './invoice-plan.js';
import { issueInvoices } from './issue-invoices.js';
import { unclaimedPlans } from './unclaimed-plans.js';
import { DiscountsInUse } from './use-discounts.js';
import { recordEvents } from '../events/record-event.js';
import { invoiceEvent } from '../invoices/invoice-event.js';

/**
 * The one way an invoice comes to be. Writes the invoices of plans with their lines, discounts, taxes and claims, and
 * issues those that are to be issued now, all in the caller's transaction: a crash leaves all of it or nothing. Plans of
 * which something was billed before are passed over, so that a run twice is a run once. A fixed number of statements
 * however many plans there are; numbers are taken last.
 *
 * Whoever bills a subscription holds its row.
 * @returns the invoices that were written, in the order of the plans. There is none of a plan that charges nothing, nor
 * of one over nothing where the tenant wants no such invoices; their claims are written.
 * @throws amountTooLarge
 */
export async function writeInvoices(
  ctx: TenantContext,
  tx: TenantTransaction,
  plans: readonly InvoicePlan[],
): Promise<Invoice[]> {
  const fresh = await unclaimedPlans(tx.db, plans);
  if (fresh.length === 0) return [];
  const now = ctx.clock.now();
  const worth = fresh.filter((plan) => plan.charges.length > 0 || plan.billingReason === 'manual');
  const customerIds = worth.map(({ customerId }) => customerId);
  const issuesAny = worth.some(({ finalize }) => finalize === 'now');
  const terms = await loadBillingTerms(ctx, tx.db, customerIds, issuesAny ? 'lock' : 'read');
  const discounts = new DiscountsInUse(terms.discountsOf);
  const assembled = worth.map((plan) => {
    const one = assemblePlan(plan, terms, discounts.leftFor(plan.customerId));
    // A draft shows what it would take. It takes it when it is issued, from what is left then.
    if (plan.finalize === 'now' && plan.onFinalize !== 'void') discounts.take(one);
    return one;
  });
  const wanted = assembled.filter((one) => !isLeftOut(ctx, one));
  const drafts = await insertDrafts(tx, wanted, now);
  await discounts.save(ctx, tx);
  const invoiceOf = new Map(wanted.map(({ plan }, index) => [plan, drafts[index]]));
  const billed = fresh.map((plan) => ({ plan, invoiceId: invoiceOf.get(plan)?.id ?? null }));
  await insertClaims(tx, billed, now);
  for (const { finalizeAt } of drafts) tx.due('invoices', finalizeAt);
  const due = drafts.filter((_, index) => wanted[index]?.plan.finalize === 'now');
  const kept = drafts.filter((draft) => !due.includes(draft));
  await recordEvents(
    tx,
    ctx,
    kept.map((draft) => invoiceEvent('invoice.created', draft)),
  );
  const issued = await issueInvoices(ctx, tx, due, terms.customerOf);
  const issuedById = new Map(issued.map((invoice) => [invoice.id, invoice]));
  return drafts.map((draft) => issuedById.get(draft.id) ?? draft);
}

/** Whether the tenant wants no invoice of it because it is over nothing. What somebody writes by hand is wanted. */
export function isLeftOut(ctx: TenantContext, { plan, money }: AssembledPlan): boolean {
  return money.total === 0n && plan.billingReason !== 'manual' && ctx.tenant.settings.zeroInvoices === 'skip';
}
