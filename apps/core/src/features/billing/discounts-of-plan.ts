import type { Discount, DiscountLimit } from '../../domain/coupons/discount-types.js';
import type { InvoiceLineInput } from '../../domain/invoices/invoice-types.js';
import type { Charge } from './charge.js';
import type { InvoicePlan } from './invoice-plan.js';
import { type ActiveDiscount, discountFor } from './load-discounts.js';

/** The lines of an invoice and its discounts, as the arithmetic takes both. */
export interface DiscountedLines {
  readonly lines: readonly (InvoiceLineInput & { readonly charge: Charge })[];
  readonly discounts: readonly Discount[];
}

/**
 * What a plan's discounts are, and its lines so that each discount meets the lines it is for. Coupons are for what
 * subscriptions charge: an invoice that somebody writes by hand is discounted when they say so, and a top-up never.
 */
export function discountsOfPlan(plan: InvoicePlan, active: readonly ActiveDiscount[]): DiscountedLines {
  const mine = isDiscounted(plan)
    ? active.filter(({ subscriptionId }) => concerns(subscriptionId, plan))
    : [];
  const bySubscription = mine.some(({ subscriptionId }) => subscriptionId !== null) && isOfSeveral(plan);
  const lines = plan.charges.map((charge) => lineOf(charge, bySubscription ? 'scoped' : 'plain'));
  const discounts = mine.flatMap((discount) => {
    const ready = discountFor(discount, plan.currency);
    if (ready === null) return [];
    if (!bySubscription) return [ready];
    return [{ ...ready, appliesTo: scopedLimit(discount, plan.charges) }];
  });
  return { lines, discounts };
}

function isDiscounted({ billingReason, discountsFrom }: InvoicePlan): boolean {
  return billingReason === 'manual' ? discountsFrom === 'customer' : billingReason !== 'wallet_top_up';
}

function concerns(subscriptionId: string | null, { charges }: InvoicePlan): boolean {
  return subscriptionId === null || charges.some((charge) => charge.subscriptionId === subscriptionId);
}

function isOfSeveral({ charges }: InvoicePlan): boolean {
  return new Set(charges.map(({ subscriptionId }) => subscriptionId)).size > 1;
}

function lineOf(charge: Charge, names: 'plain' | 'scoped'): InvoiceLineInput & { readonly charge: Charge } {
  const { amount, taxCategory, taxBehavior } = charge;
  return {
    charge,
    amount,
    taxCategory,
    taxBehavior,
    planId: names === 'plain' ? charge.planId : scoped(charge, charge.planId),
    priceId: names === 'plain' ? charge.priceId : scoped(charge, charge.priceId),
    // What a maximum takes off charges of the same invoice makes less of what percentages are taken of.
    ...(charge.kind === 'maximum' ? { discounting: 'included' as const } : {}),
  };
}

/**
 * On an invoice of several subscriptions plans and prices are told apart by subscription, so that a discount of one of
 * them leaves the same price of another alone.
 */
function scoped({ subscriptionId }: Charge, id: string | null): string {
  return `${subscriptionId ?? ''}/${id ?? ''}`;
}

function scopedLimit(discount: ActiveDiscount, charges: readonly Charge[]): DiscountLimit | null {
  const limit = discount.terms.appliesTo;
  if (discount.subscriptionId === null && limit === null) return null;
  const mine = charges.filter(
    ({ subscriptionId }) => discount.subscriptionId === null || subscriptionId === discount.subscriptionId,
  );
  const named = (ids: readonly string[] | undefined, id: string | null) =>
    ids === undefined || (id !== null && ids.includes(id));
  const prices = limit ? mine.filter(({ priceId }) => named(limit.priceIds, priceId)) : [];
  return {
    planIds: mine.filter(({ planId }) => named(limit?.planIds, planId)).map((c) => scoped(c, c.planId)),
    priceIds: prices.map((charge) => scoped(charge, charge.priceId)),
  };
}
