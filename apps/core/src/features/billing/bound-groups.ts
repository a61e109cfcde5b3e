import { Decimal } from '../../domain/money/decimal.js';
import type { Charge } from './charge.js';
import { LINE_ROUNDING } from './rate-line.js';

/** An item makes so many lines for its groups on an invoice, at most: what a person can still read. */
export const GROUP_LINES_MAX = 200;

/** The line of one group, and how it would read without it. */
export interface GroupCharge {
  readonly charge: Charge;
  readonly plainDescription: string;
}

/**
 * The lines of an item's groups, as they are where there are few. Of more than can be, those of the largest amounts keep
 * theirs, in their order, and all others are one line, which says how many they are. It comes to the sum of their rounded
 * amounts: the invoice is the same to the last unit.
 */
export function boundGroups(groups: readonly GroupCharge[]): Charge[] {
  const charges = groups.map(({ charge }) => charge);
  const [first] = groups;
  if (!first || charges.length <= GROUP_LINES_MAX) return charges;
  const byAmount = charges.toSorted((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1));
  const kept = new Set(byAmount.slice(0, GROUP_LINES_MAX - 1));
  const rest = charges.filter((charge) => !kept.has(charge));
  return [...charges.filter((charge) => kept.has(charge)), sumOf(rest, first.plainDescription)];
}

function sumOf(rest: readonly Charge[], description: string): Charge {
  const [first] = rest;
  if (!first) throw new Error('There are no groups to sum.');
  const amount = rest.reduce((sum, charge) => sum + charge.amount, 0n);
  const quantity = rest.reduce((sum, charge) => sum.plus(charge.quantity), new Decimal(0));
  const exact = new Decimal(amount.toString());
  return {
    ...first,
    description: `${description} (${rest.length} other groups)`,
    groupValues: null,
    quantity,
    unitAmount: quantity.gt(0) ? exact.dividedBy(quantity).toDecimalPlaces(12) : exact,
    amount,
    eventCount: rest.reduce((sum, { eventCount }) => sum + (eventCount ?? 0n), 0n),
    explanation: { model: first.explanation.model, unrounded: amount.toString(), rounding: LINE_ROUNDING },
  };
}
