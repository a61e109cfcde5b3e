import { afterUse, type DiscountState, type UsedOn } from '../../domain/coupons/discount-uses.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { discountsChanged } from '../analytics/mrr/refresh-mrr.js';
import type { AssembledPlan, BillingReason } from './invoice-plan.js';
import type { ActiveDiscount } from './load-discounts.js';

/** Invoices of whole periods are what a coupon for so many periods counts. */
export function usedOn(reason: string): UsedOn {
  const ofPeriods: readonly string[] = [
    'subscription_create',
    'subscription_cycle',
  ] satisfies BillingReason[];
  return ofPeriods.includes(reason) ? 'period' : 'other';
}

/**
 * The discounts of customers in the course of a transaction that has locked them: each invoice takes from what the ones
 * before it left. `save` writes what has changed.
 */
export class DiscountsInUse {
  private readonly changed = new Map<string, DiscountState>();
  /** Whose discount has come to its end that went on for some periods. */
  private readonly pricedAnew = new Set<string>();

  constructor(private readonly discountsOf: (customerId: string) => readonly ActiveDiscount[]) {}

  /** What is left for the next invoice of the customer. */
  leftFor(customerId: string): ActiveDiscount[] {
    return this.discountsOf(customerId)
      .map((discount) => ({ ...discount, state: this.changed.get(discount.state.id) ?? discount.state }))
      .filter(({ state }) => state.status === 'active');
  }

  /** Takes what an invoice uses. */
  take({ plan, discounts }: AssembledPlan): void {
    if (discounts.length === 0) return;
    const left = new Map(this.leftFor(plan.customerId).map((discount) => [discount.state.id, discount]));
    for (const { discountId, amount } of discounts) {
      const discount = left.get(discountId);
      if (!discount) throw new Error(`Discount ${discountId} is not there to be used.`);
      const use = { amount, on: usedOn(plan.billingReason) };
      const state = afterUse(discount.terms, discount.state, use);
      this.changed.set(discountId, state);
      const wentOn = discount.terms.duration.kind !== 'once';
      if (wentOn && state.status === 'used_up') this.pricedAnew.add(plan.customerId);
    }
  }

  async save(ctx: TenantContext, tx: TenantTransaction): Promise<void> {
    if (this.changed.size === 0) return;
    const now = ctx.clock.now();
    const rows = [...this.changed.values()].map(({ id, status, amountLeft, periodsUsed }) => ({
      id,
      status,
      amount_left: amountLeft?.toString() ?? null,
      periods_used: periodsUsed,
    }));
    await tx.db.$executeRaw`
      UPDATE discounts d
      SET status = used.status, amount_left = used.amount_left, periods_used = used.periods_used,
        ended_at = CASE WHEN used.status = 'used_up' THEN ${now} ELSE d.ended_at END
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS used (id text, status text, amount_left bigint, periods_used int)
      WHERE d.id = used.id`;
    await discountsChanged(ctx, tx, this.pricedAnew);
  }
}
