import type { Decimal } from '../money/decimal.js';
import type { Discount, DiscountLimit } from './discount-types.js';

/** What a coupon promises. A fixed one is for one currency, which the caller compares. */
export interface CouponTerms {
  readonly value:
    | { readonly kind: 'percentage'; readonly percent: Decimal }
    | { readonly kind: 'fixed'; readonly amount: bigint };
  readonly duration:
    | { readonly kind: 'once' }
    | { readonly kind: 'repeating'; readonly periods: number }
    | { readonly kind: 'forever' };
  readonly appliesTo: DiscountLimit | null;
}

/** How much of an attached coupon is used. `amountLeft` is of a fixed one that is used once, else null. */
export interface DiscountState {
  readonly id: string;
  readonly attachedAt: Date;
  readonly status: 'active' | 'used_up' | 'removed';
  readonly amountLeft: bigint | null;
  readonly periodsUsed: number;
}

/** An invoice of a period counts for coupons of some periods; others, such as that of a change, do not. */
export type UsedOn = 'period' | 'other';

/** What is left of a coupon that is attached now. */
export function newDiscountState(terms: CouponTerms): Omit<DiscountState, 'id' | 'attachedAt'> {
  const keepsRest = terms.duration.kind === 'once' && terms.value.kind === 'fixed';
  const amountLeft = keepsRest && terms.value.kind === 'fixed' ? terms.value.amount : null;
  return { status: 'active', amountLeft, periodsUsed: 0 };
}

/** The discount that an attached coupon is for the next invoice; undefined when it is used up or was removed. */
export function discountInForce(terms: CouponTerms, state: DiscountState): Discount | undefined {
  if (state.status !== 'active') return undefined;
  const { id, attachedAt } = state;
  const common = { id, attachedAt, appliesTo: terms.appliesTo };
  if (terms.value.kind === 'percentage')
    return { ...common, kind: 'percentage', percent: terms.value.percent };
  return { ...common, kind: 'fixed', amountLeft: state.amountLeft ?? terms.value.amount };
}

/**
 * What is left of a discount after an invoice was finalised with it. A fixed coupon that is used once keeps its rest
 * for later invoices; one for some periods gives all of itself in each. An invoice that it took nothing off uses
 * nothing up.
 */
export function afterUse(
  terms: CouponTerms,
  state: DiscountState,
  use: { readonly amount: bigint; readonly on: UsedOn },
): DiscountState {
  if (use.amount === 0n) return state;
  if (state.amountLeft !== null) {
    if (use.amount > state.amountLeft) throw new RangeError('A discount took more than was left of it.');
    const amountLeft = state.amountLeft - use.amount;
    return { ...state, amountLeft, status: amountLeft === 0n ? 'used_up' : state.status };
  }
  const periodsUsed = state.periodsUsed + (use.on === 'period' ? 1 : 0);
  const isOver =
    terms.duration.kind === 'once' ||
    (terms.duration.kind === 'repeating' && periodsUsed >= terms.duration.periods);
  return { ...state, periodsUsed, status: isOver ? 'used_up' : state.status };
}

/** Gives back what an invoice had used, when it is voided. A discount that was removed meanwhile stays removed. */
export function afterUseTakenBack(
  state: DiscountState,
  use: { readonly amount: bigint; readonly on: UsedOn },
): DiscountState {
  if (use.amount === 0n) return state;
  const status = state.status === 'used_up' ? 'active' : state.status;
  if (state.amountLeft !== null) return { ...state, status, amountLeft: state.amountLeft + use.amount };
  return { ...state, status, periodsUsed: Math.max(0, state.periodsUsed - (use.on === 'period' ? 1 : 0)) };
}
