import type { Period } from '../../domain/calendar/periods.js';
import { Decimal } from '../../domain/money/decimal.js';
import type { Billable } from './billable.js';
import type { Charge, ChargeKind } from './charge.js';
import { chargeOfItem } from './charge-of-item.js';
import type { BilledLine } from './load-billed-usage.js';
import { LINE_ROUNDING } from './rate-line.js';
import type { UsageOfItem } from './usage-charges.js';

/** What was billed too much of an item's usage, and the lines that billed it, the latest first. */
export interface Overbilled {
  readonly subscriptionId: string;
  readonly period: Period;
  /** Minor units before discounts, more than nothing. */
  readonly amount: bigint;
  readonly lines: readonly BilledLine[];
}

export interface UsageDifference {
  readonly charges: readonly Charge[];
  readonly overbilled: readonly Overbilled[];
}

/**
 * What is still to be billed of an item's usage: the whole of it less what was billed before, line by line where that
 * is plain and in one line where corrections cross. What was billed and what this bills always add up to the whole.
 */
export function usageDifference(
  billable: Billable,
  usage: UsageOfItem,
  { billed, kind }: { billed: readonly BilledLine[]; kind: 'usage' | 'adjustment' },
): UsageDifference {
  if (billed.length === 0)
    return { charges: usage.charges.map((charge) => ofKind(charge, kind)), overbilled: [] };
  const parts = usage.charges.map((charge) => ({
    charge,
    before: sum(billed.filter((line) => isOf(line, charge))),
  }));
  const whole = sum(usage.charges);
  const due = whole - sum(billed) + billed.reduce((total, { corrected }) => total + corrected, 0n);
  const differences = parts.map(({ charge, before }) => lessBilled(ofKind(charge, kind), before));
  const isPlain =
    differences.every(({ amount, kind: part }) => amount >= 0n || part === 'maximum') &&
    sum(differences) === due;
  if (isPlain) return { charges: differences.filter(({ amount }) => amount !== 0n), overbilled: [] };
  if (due > 0n) return { charges: [nettedCharge(billable, usage, { due, whole })], overbilled: [] };
  if (due === 0n) return { charges: [], overbilled: [] };
  const { subscription } = billable;
  const over = { subscriptionId: subscription.id, period: usage.window, amount: -due, lines: billed };
  return { charges: [], overbilled: [over] };
}

/** A usage line that late events led to says so. */
function ofKind(charge: Charge, kind: 'usage' | 'adjustment'): Charge {
  if (kind === 'usage') return charge;
  return { ...charge, kind, description: `${charge.description}, late usage` };
}

function isOf(line: BilledLine, charge: Charge): boolean {
  const kinds: readonly ChargeKind[] = charge.kind === 'adjustment' ? ['usage', 'adjustment'] : [charge.kind];
  return kinds.includes(line.kind) && sameGroup(line.groupValues, charge.groupValues);
}

function sameGroup(a: Charge['groupValues'], b: Charge['groupValues']): boolean {
  const [one, other] = [Object.entries(a ?? {}), b ?? {}];
  return (
    one.length === Object.keys(other).length && one.every(([name, value]) => Object.is(other[name], value))
  );
}

function lessBilled(charge: Charge, before: bigint): Charge {
  if (before === 0n) return charge;
  return {
    ...charge,
    amount: charge.amount - before,
    explanation: { ...charge.explanation, alreadyBilled: before.toString() },
  };
}

function nettedCharge(
  billable: Billable,
  { item, window }: UsageOfItem,
  { due, whole }: { due: bigint; whole: bigint },
): Charge {
  const amount = new Decimal(due.toString());
  const charge = chargeOfItem(billable, item, {
    kind: 'adjustment',
    quantity: new Decimal(1),
    unitAmount: amount,
    amount: due,
    period: window,
    explanation: {
      model: item.terms.model,
      unrounded: whole.toString(),
      rounding: LINE_ROUNDING,
      alreadyBilled: (whole - due).toString(),
    },
  });
  return {
    ...charge,
    description: `${charge.description}, late usage`,
    meterId: item.meter?.id ?? null,
    unit: null,
  };
}

function sum(lines: readonly { readonly amount: bigint }[]): bigint {
  return lines.reduce((total, { amount }) => total + amount, 0n);
}
