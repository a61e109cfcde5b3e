import type { Period } from '../../domain/calendar/periods.js';
import { type Fraction, isWhole } from '../../domain/proration/fraction.js';
import { applyPeriodBounds } from '../../domain/rating/period-bounds.js';
import type { Billable, BillableItem } from './billable.js';
import type { Charge } from './charge.js';
import { comparedCharge, explainProration } from './charge-of-item.js';

export interface ReachedInPeriod {
  readonly part: Period;
  readonly full: Period;
  readonly factor: Fraction;
  /** What the item's other lines of the period come to, in minor units. */
  readonly reached: bigint;
  /** A minimum is due with the last invoice of a period, not before. */
  readonly minimum: 'due' | 'not_yet';
}

/** What a price's minimum and maximum per period add to its lines or take off them, each a line of its own. */
export function boundsOfItem(
  billable: Billable,
  item: BillableItem,
  { part, full, factor, reached, minimum }: ReachedInPeriod,
): Charge[] {
  const { minimumAmount, maximumAmount } = item.price;
  if (minimumAmount === null && maximumAmount === null) return [];
  const { discount, trueUp } = applyPeriodBounds({
    minimum: minimum === 'due' ? minimumAmount : null,
    maximum: maximumAmount,
    amount: reached,
    factor,
    alreadyBilled: 0n,
  });
  const bounds: Charge[] = [];
  if (discount > 0n && maximumAmount !== null) {
    bounds.push(
      comparedCharge(billable, item, {
        kind: 'maximum',
        what: 'beyond the maximum',
        amount: -discount,
        period: part,
        compared: { bound: maximumAmount.toString(), spent: reached },
      }),
    );
  }
  if (trueUp > 0n && minimumAmount !== null) {
    bounds.push(
      comparedCharge(billable, item, {
        kind: 'minimum',
        what: 'minimum',
        amount: trueUp,
        period: part,
        compared: { bound: minimumAmount.toString(), spent: reached },
        proration: isWhole(factor) ? undefined : explainProration(billable, factor, full),
      }),
    );
  }
  return bounds;
}
