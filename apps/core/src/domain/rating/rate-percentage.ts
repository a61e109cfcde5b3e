import { Decimal } from '../money/decimal.js';
import { convertQuantity, ZERO } from './billable-quantity.js';
import type { PercentageTerms } from './charge-terms.js';
import { pricedStep, toCharge } from './charge-steps.js';
import type { PricedStep, RatedCharge, RatedUsage, RatingStep } from './rated-charge.js';

/** Whether terms say something of single events, so that their total is not enough. */
export function percentageNeedsEvents(terms: PercentageTerms): boolean {
  const { fixedAmount, minimumAmount, maximumAmount, freeEvents, freeAmount } = terms;
  const perEvent = [minimumAmount, maximumAmount, freeEvents, freeAmount].some((term) => term !== null);
  return perEvent || !fixedAmount.isZero();
}

/** A share of each event's amount with its fee and bounds, in event-time order; the sum is rounded once. */
export function ratePercentage(terms: PercentageTerms, usage: RatedUsage): RatedCharge {
  const events = eventsOf(terms, usage).map((event) => convertQuantity(event, terms.conversion));
  const used = events.reduce((total, event) => total.plus(event), ZERO);
  // Nothing used on the whole is nothing billed: payments and refunds that cancel out leave no fee behind.
  if (used.lte(0)) return toCharge({ quantityBilled: ZERO, amounts: [], steps: [] });
  return tallyCharge(terms, tallyEvents(terms, events));
}

function eventsOf(terms: PercentageTerms, usage: RatedUsage): readonly Decimal[] {
  if (!percentageNeedsEvents(terms)) return [usage.quantity];
  if (usage.events === undefined) {
    throw new RangeError('A percentage with fees, bounds or quotas per event is rated by its events.');
  }
  return usage.events;
}

interface Tally {
  free: Decimal;
  paid: Decimal;
  share: Decimal;
  feeCount: number;
  boundedCount: number;
  /** What the bounds added, or took off when negative. */
  bounded: Decimal;
}

function tallyEvents(terms: PercentageTerms, events: readonly Decimal[]): Tally {
  const tally = { free: ZERO, paid: ZERO, share: ZERO, feeCount: 0, boundedCount: 0, bounded: ZERO };
  let cumulative = ZERO;
  for (const [index, event] of events.entries()) {
    const before = cumulative;
    cumulative = cumulative.plus(event);
    const paid = inQuota(terms, index + 1)
      ? beyondFree(terms, cumulative).minus(beyondFree(terms, before))
      : event;
    tally.free = tally.free.plus(event.minus(paid));
    const spared = inQuota(terms, index + 1) && cumulative.lte(terms.freeAmount ?? cumulative);
    if (!(spared && paid.isZero())) addEvent(tally, terms, paid);
  }
  return tally;
}

/** Whether an event's number is still within the free ones; an amount alone does not limit their number. */
function inQuota({ freeEvents, freeAmount }: PercentageTerms, number: number): boolean {
  if (freeEvents !== null) return freeEvents.gte(number);
  return freeAmount !== null;
}

function beyondFree({ freeAmount }: PercentageTerms, cumulative: Decimal): Decimal {
  return freeAmount === null ? ZERO : Decimal.max(cumulative.minus(freeAmount), ZERO);
}

function addEvent(tally: Tally, terms: PercentageTerms, paid: Decimal): void {
  const share = paid.times(terms.rate).div(100);
  tally.paid = tally.paid.plus(paid);
  tally.share = tally.share.plus(share);
  // What is taken back gives its share back; fees and bounds are for what was charged.
  if (paid.isNegative()) return;
  tally.feeCount += 1;
  const fee = share.plus(terms.fixedAmount);
  const least = terms.minimumAmount === null ? fee : Decimal.max(fee, terms.minimumAmount);
  const bounded = terms.maximumAmount === null ? least : Decimal.min(least, terms.maximumAmount);
  if (bounded.eq(fee)) return;
  tally.boundedCount += 1;
  tally.bounded = tally.bounded.plus(bounded.minus(fee));
}

function tallyCharge(terms: PercentageTerms, tally: Tally): RatedCharge {
  const { fixedAmount } = terms;
  const fees = fixedAmount.times(tally.feeCount);
  const priced: PricedStep[] = [];
  if (!tally.paid.isZero()) {
    priced.push(
      pricedStep({ kind: 'percentage', quantity: tally.paid, rate: terms.rate, amount: tally.share }),
    );
  }
  if (!fees.isZero()) {
    const quantity = new Decimal(tally.feeCount);
    priced.push(pricedStep({ kind: 'fixed_fees', quantity, unitAmount: fixedAmount, amount: fees }));
  }
  if (tally.boundedCount > 0) {
    const quantity = new Decimal(tally.boundedCount);
    priced.push(pricedStep({ kind: 'event_bounds', quantity, amount: tally.bounded }));
  }
  const free: RatingStep[] = tally.free.gt(0)
    ? [{ kind: 'free', of: 'amount', quantity: tally.free.toFixed() }]
    : [];
  return toCharge({
    quantityBilled: tally.paid,
    amounts: [tally.share, fees, tally.bounded],
    steps: [...free, ...priced],
  });
}
