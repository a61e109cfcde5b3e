import type { Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { assemblePlan, loadBillingTerms } from './assemble-invoice-plans.js';
import type { Charge } from './charge.js';
import { loadChargesOfDrafts, planOfDraft } from './charges-of-draft.js';
import { issueInvoices } from './issue-invoices.js';
import { deleteLines, replaceMoney } from './rewrite-drafts.js';
import { DiscountsInUse } from './use-discounts.js';
import { isLeftOut } from './write-invoices.js';

/**
 * Makes invoices of drafts that this transaction holds, in their order: discounts and taxes are those of today, and the
 * discounts are used up. `chargesOf` says what they charge; what stands in their lines unless given.
 * @returns the invoices; not those over nothing where the tenant wants no such invoices, whose drafts are gone
 * @throws amountTooLarge
 */
export async function finalizeDrafts(
  ctx: TenantContext,
  tx: TenantTransaction,
  drafts: readonly Invoice[],
  chargesOf?: (invoiceId: string) => readonly Charge[],
): Promise<Invoice[]> {
  if (drafts.length === 0) return [];
  const charges =
    chargesOf ??
    (await loadChargesOfDrafts(
      tx.db,
      drafts.map(({ id }) => id),
    ));
  const customerIds = drafts.map(({ customerId }) => customerId);
  const terms = await loadBillingTerms(ctx, tx.db, customerIds, 'lock');
  const discounts = new DiscountsInUse(terms.discountsOf);
  const assembled = drafts.map((draft) => {
    const plan = assemblePlan(
      planOfDraft(draft, charges(draft.id)),
      terms,
      discounts.leftFor(draft.customerId),
    );
    // What a pause voids uses nothing up.
    if (draft.onFinalize !== 'void') discounts.take(plan);
    return { draft, plan };
  });
  await discounts.save(ctx, tx);
  const wanted = assembled.filter(({ plan }) => plan.plan.charges.length > 0 && !isLeftOut(ctx, plan));
  const unwanted = assembled.filter((one) => !wanted.includes(one));
  await forgetDrafts(
    tx,
    unwanted.map(({ draft }) => draft.id),
  );
  const final = await replaceMoney(ctx, tx, wanted);
  return issueInvoices(ctx, tx, final, terms.customerOf);
}

/** Deletes drafts that have come to nothing. What they claimed stays claimed. */
async function forgetDrafts(tx: TenantTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.db.billingPeriod.updateMany({ where: { invoiceId: { in: [...ids] } }, data: { invoiceId: null } });
  await deleteLines(tx, ids);
  await tx.db.invoice.deleteMany({ where: { id: { in: [...ids] } } });
}
