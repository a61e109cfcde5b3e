import { Decimal } from '../money/decimal.js';
import { ZERO } from './billable-quantity.js';
import { type PricedStep, type RatedCharge, type RatingStep, roundLine, settle } from './rated-charge.js';

type StepParts = Pick<PricedStep, 'kind'> &
  Partial<Pick<PricedStep, 'tier' | 'from' | 'upTo'>> & {
    readonly quantity: Decimal;
    readonly unitAmount?: Decimal;
    readonly rate?: Decimal;
    readonly flatAmount?: Decimal;
    readonly amount: Decimal;
  };

/** A priced step from exact numbers. What does not apply is null, no flat amount is 0. */
export function pricedStep(parts: StepParts): PricedStep {
  return {
    kind: parts.kind,
    tier: parts.tier ?? null,
    from: parts.from ?? null,
    upTo: parts.upTo ?? null,
    quantity: settle(parts.quantity).toFixed(),
    unitAmount: parts.unitAmount?.toFixed() ?? null,
    rate: parts.rate?.toFixed() ?? null,
    flatAmount: parts.flatAmount?.toFixed() ?? '0',
    amount: settle(parts.amount).toFixed(),
  };
}

/** The parts of a charge before they are added up. */
export interface ChargeParts {
  readonly quantityBilled: Decimal;
  readonly amounts: readonly Decimal[];
  readonly steps: readonly RatingStep[];
}

/** Adds the parts up and rounds once. Usage taken back beyond what was used bills nothing: a credit is not a charge. */
export function toCharge({ quantityBilled, amounts, steps }: ChargeParts): RatedCharge {
  const sum = amounts.reduce((total, amount) => total.plus(amount), ZERO);
  if (sum.isNegative()) {
    const unpriced = steps.filter((step) => step.kind === 'conversion' || step.kind === 'free');
    return { unrounded: ZERO, amount: 0n, quantityBilled: ZERO, steps: unpriced };
  }
  const unrounded = settle(sum);
  return { unrounded, amount: roundLine(unrounded), quantityBilled: settle(quantityBilled), steps };
}
