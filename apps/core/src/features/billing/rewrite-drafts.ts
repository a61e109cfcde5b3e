import type { Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { assemblePlan, loadBillingTerms } from './assemble-invoice-plans.js';
import type { Charge } from './charge.js';
import { planOfDraft } from './charges-of-draft.js';
import { totalColumns, totalsOf } from './draft-rows.js';
import { insertLinesOf } from './insert-drafts.js';
import type { AssembledPlan } from './invoice-plan.js';

/** A draft whose row the transaction holds, and what it is to charge from now on. */
export interface RewrittenDraft {
  readonly draft: Invoice;
  readonly charges: readonly Charge[];
}

/**
 * Gives drafts other charges, with the discounts and taxes of today. Discounts are shown and not used up.
 * @throws amountTooLarge
 */
export async function rewriteDrafts(
  ctx: TenantContext,
  tx: TenantTransaction,
  rewritten: readonly RewrittenDraft[],
): Promise<Invoice[]> {
  const customerIds = rewritten.map(({ draft }) => draft.customerId);
  const terms = await loadBillingTerms(ctx, tx.db, customerIds, 'read');
  const assembled = rewritten.map(({ draft, charges }) => ({
    draft,
    plan: assemblePlan(planOfDraft(draft, charges), terms, terms.discountsOf(draft.customerId)),
  }));
  return replaceMoney(ctx, tx, assembled);
}

/** Replaces lines, discounts and totals of drafts. */
export async function replaceMoney(
  ctx: TenantContext,
  tx: TenantTransaction,
  assembled: readonly { readonly draft: Invoice; readonly plan: AssembledPlan }[],
): Promise<Invoice[]> {
  if (assembled.length === 0) return [];
  const now = ctx.clock.now();
  await deleteLines(
    tx,
    assembled.map(({ draft }) => draft.id),
  );
  await insertLinesOf(
    tx,
    assembled.map(({ draft, plan }) => ({ invoiceId: draft.id, plan })),
  );
  const changed = assembled.map(({ draft, plan }) => ({ ...draft, ...totalsOf(plan), updatedAt: now }));
  const rows = changed.map((draft) => ({ id: draft.id, ...totalColumns(draft) }));
  await tx.db.$executeRaw`
    UPDATE invoices i
    SET subtotal = x.subtotal, discount_total = x.discount_total, tax_total = x.tax_total, total = x.total,
      amount_due = x.amount_due, taxes = x.taxes, updated_at = ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x (id text, subtotal bigint, discount_total bigint,
      tax_total bigint, total bigint, amount_due bigint, taxes jsonb)
    WHERE i.id = x.id`;
  return changed;
}

/** Takes away all lines and discounts of drafts. */
export async function deleteLines(tx: TenantTransaction, invoiceIds: readonly string[]): Promise<void> {
  const invoiceId = { in: [...invoiceIds] };
  await tx.db.invoiceLine.deleteMany({ where: { invoiceId } });
  await tx.db.invoiceDiscount.deleteMany({ where: { invoiceId } });
}
