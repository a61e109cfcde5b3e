import { afterUseTakenBack, type DiscountState } from '../../domain/coupons/discount-uses.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { discountsChanged } from '../analytics/mrr/refresh-mrr.js';
import { usedOn } from './use-discounts.js';

/**
 * Gives back what a voided invoice had used of its customer's discounts. One that was removed meanwhile stays removed,
 * and one whose coupon the customer was given anew meanwhile stays used up. Called once, in the transaction that voids
 * the invoice, with its row held.
 */
export async function returnDiscounts(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: { readonly id: string; readonly billingReason: string },
): Promise<void> {
  const uses = await tx.db.invoiceDiscount.findMany({ where: { invoiceId: invoice.id } });
  if (uses.length === 0) return;
  const ids = uses.map(({ discountId }) => discountId);
  await tx.db.$queryRaw`SELECT id FROM discounts WHERE id = ANY(${ids}) ORDER BY id FOR UPDATE`;
  const discounts = await tx.db.discount.findMany({ where: { id: { in: ids } } });
  const rows = discounts.map((discount) => {
    const amount = uses.find(({ discountId }) => discountId === discount.id)?.amount ?? 0n;
    const state: DiscountState = { ...discount, status: discount.status as DiscountState['status'] };
    const left = afterUseTakenBack(state, { amount, on: usedOn(invoice.billingReason) });
    return {
      id: discount.id,
      status: left.status,
      amount_left: left.amountLeft?.toString() ?? null,
      periods_used: left.periodsUsed,
    };
  });
  await tx.db.$executeRaw`
    UPDATE discounts d
    SET amount_left = back.amount_left, periods_used = back.periods_used,
      status = CASE WHEN renewed.id IS NULL THEN back.status ELSE d.status END,
      ended_at = CASE WHEN back.status = 'active' AND renewed.id IS NULL THEN NULL ELSE d.ended_at END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS back (id text, status text, amount_left bigint, periods_used int)
    JOIN discounts mine ON mine.id = back.id
    LEFT JOIN discounts renewed ON renewed.status = 'active' AND renewed.id <> mine.id
      AND renewed.coupon_id = mine.coupon_id AND renewed.customer_id = mine.customer_id
      AND renewed.subscription_id IS NOT DISTINCT FROM mine.subscription_id
    WHERE d.id = back.id`;
  await discountsChanged(
    ctx,
    tx,
    discounts.map(({ customerId }) => customerId),
  );
}
