import { type Decimal, toDecimal } from '../money/decimal.js';
import { ZERO } from './billable-quantity.js';
import { pricedStep } from './charge-steps.js';
import {
  checkLineAmount,
  type PricedStep,
  type RatedCharge,
  type RatingStep,
  settle,
} from './rated-charge.js';

/** What invoices billed of a charge so far, as their lines hold it. Several of them are added up before. */
export interface BilledSoFar {
  /** Whole minor units, before discounts. */
  readonly amount: bigint;
  readonly quantity: Decimal;
  readonly steps: readonly RatingStep[];
}

export interface ChargeDifference {
  /** Whole minor units due now: negative when too much was billed. With what was billed it is exactly the whole. */
  readonly amount: bigint;
  readonly quantity: Decimal;
  /** What each tier gained, or lost when negative; what did not change is left out. */
  readonly steps: readonly PricedStep[];
}

/**
 * What is due beyond what was billed: the whole period is rated again, and what was billed taken off, tier by tier.
 * For progressive invoices within a period, and for events that arrive after their period was invoiced.
 */
export function rateDifference(whole: RatedCharge, billed: BilledSoFar): ChargeDifference {
  const before = pricedByPlace(billed.steps);
  const now = pricedByPlace(whole.steps);
  const places = new Set([...now.keys(), ...before.keys()]);
  const steps = [...places]
    .map((place) => subtract(now.get(place), before.get(place)))
    .filter((step) => step !== null)
    .sort((a, b) => (a.tier ?? 0) - (b.tier ?? 0));
  return {
    amount: checkLineAmount(whole.amount - billed.amount),
    quantity: settle(whole.quantityBilled.minus(billed.quantity)),
    steps,
  };
}

/** Adds up what several invoices billed of a charge in a period, so that the next can go on from there. */
export function addBilled(parts: readonly BilledSoFar[]): BilledSoFar {
  return {
    amount: checkLineAmount(parts.reduce((total, { amount }) => total + amount, 0n)),
    quantity: parts.reduce((total, { quantity }) => total.plus(quantity), ZERO),
    steps: [...pricedByPlace(parts.flatMap(({ steps }) => steps)).values()],
  };
}

/** Steps by what they are priced by. Terms do not change within a period, so a tier is known by its number. */
function pricedByPlace(steps: readonly RatingStep[]): Map<string, PricedStep> {
  const places = new Map<string, PricedStep>();
  for (const step of steps) {
    if (step.kind === 'conversion' || step.kind === 'free') continue;
    const place = `${step.kind} ${step.tier}`;
    const earlier = places.get(place);
    places.set(place, earlier === undefined ? step : combine(earlier, step, 'plus'));
  }
  return places;
}

function subtract(now: PricedStep | undefined, before: PricedStep | undefined): PricedStep | null {
  const known = now ?? before;
  if (known === undefined) return null;
  const nothing = { ...known, quantity: '0', flatAmount: '0', amount: '0' };
  const step = combine(now ?? nothing, before ?? nothing, 'minus');
  return step.quantity === '0' && step.amount === '0' ? null : step;
}

function combine(a: PricedStep, b: PricedStep, operator: 'plus' | 'minus'): PricedStep {
  const of = (field: 'quantity' | 'flatAmount' | 'amount') =>
    toDecimal(a[field])[operator](toDecimal(b[field]));
  const { quantity, flatAmount, amount } = pricedStep({
    kind: a.kind,
    quantity: of('quantity'),
    flatAmount: of('flatAmount'),
    amount: of('amount'),
  });
  return { ...a, quantity, flatAmount, amount };
}
