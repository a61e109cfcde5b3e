import { allocate } from '../money/allocate.js';
import { percentRatio, takeRatio } from '../money/percentage.js';
import type { Discount, DiscountableLine, DiscountUse } from './discount-types.js';

export interface AppliedDiscounts {
  /** What was taken off each line, in the order of the lines; never below zero, never more than the line. */
  readonly lines: readonly bigint[];
  /** In the order in which they were applied. */
  readonly uses: readonly DiscountUse[];
  readonly total: bigint;
}

/**
 * Takes discounts off lines, before tax. Percentages come first, each of what the ones before it left; then fixed
 * amounts, which never make an invoice negative; within both the one that was attached first. What one takes in total
 * is rounded once and spread over its lines by largest remainder.
 */
export function applyDiscounts(
  lines: readonly DiscountableLine[],
  discounts: readonly Discount[],
): AppliedDiscounts {
  const taken = lines.map(() => 0n);
  if (discounts.length === 0) return { lines: taken, uses: [], total: 0n };
  const uses: DiscountUse[] = [];
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0n);
  let total = 0n;
  for (const discount of inOrder(discounts)) {
    const eligible = lines.flatMap((line, index) => (isEligible(line, discount) ? [index] : []));
    const rests = eligible.map((index) => (lines[index]?.amount ?? 0n) - (taken[index] ?? 0n));
    const base = rests.reduce((sum, rest) => sum + rest, 0n);
    const amount = amountOf(discount, base, subtotal - total);
    if (amount > 0n) {
      const weights = rests.map((rest) => (rest > 0n ? rest : 0n));
      const parts = eligible.length === 1 ? [amount] : allocate(amount, weights);
      for (const [k, index] of eligible.entries()) taken[index] = (taken[index] ?? 0n) + (parts[k] ?? 0n);
      total += amount;
    }
    uses.push({ id: discount.id, amount });
  }
  return { lines: taken, uses, total };
}

/** The order in which discounts are applied, whatever order they come in. */
function inOrder(discounts: readonly Discount[]): readonly Discount[] {
  if (discounts.length === 1) return discounts;
  return [...discounts].sort(
    (a, b) => rank(a) - rank(b) || a.attachedAt.getTime() - b.attachedAt.getTime() || (a.id < b.id ? -1 : 1),
  );
}

function rank(discount: Discount): number {
  return discount.kind === 'percentage' ? 0 : 1;
}

function isEligible(line: DiscountableLine, { appliesTo }: Discount): boolean {
  const discounting = line.discounting ?? (line.amount > 0n ? 'included' : 'excluded');
  if (discounting === 'excluded') return false;
  if (appliesTo === null) return true;
  return (
    (line.planId !== null && appliesTo.planIds.includes(line.planId)) ||
    (line.priceId !== null && appliesTo.priceIds.includes(line.priceId))
  );
}

function amountOf(discount: Discount, base: bigint, invoiceRest: bigint): bigint {
  if (base <= 0n) return 0n;
  if (discount.kind === 'percentage') return smaller(takeRatio(base, percentRatio(discount.percent)), base);
  const most = smaller(base, invoiceRest);
  return most <= 0n ? 0n : smaller(discount.amountLeft, most);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
