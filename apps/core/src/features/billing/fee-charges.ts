import { type Fraction, isWhole, prorate, WHOLE } from '../../domain/proration/fraction.js';
import { prorationFactor, type ProrationBasis } from '../../domain/proration/proration-factor.js';
import type { Period } from '../../domain/calendar/periods.js';
import { roundLine } from '../../domain/rating/rated-charge.js';
import { feePeriod } from '../../domain/subscriptions/trial.js';
import { type Billable, type BillableItem, type BilledPeriod, timeInForce } from './billable.js';
import { boundsOfItem } from './bounds-of-item.js';
import type { Charge } from './charge.js';
import { chargeOfItem, explainProration } from './charge-of-item.js';
import { LINE_ROUNDING, unitAmountOf } from './rate-line.js';

/** The recurring fees of a period that are paid when it begins, or when it is over: for each item its time in force. */
export function feeCharges(
  billable: Billable,
  billed: BilledPeriod,
  billing: 'in_advance' | 'in_arrears',
): Charge[] {
  return billable.items
    .filter(({ price }) => price.type === 'recurring' && price.billing === billing)
    .flatMap((item) => feesOfItem(billable, item, billed));
}

/** Prices that are paid once, on the first invoice. */
export function oneTimeCharges(billable: Billable): Charge[] {
  return billable.items
    .filter(({ price, row }) => price.type === 'one_time' && row.endedAt === null)
    .map((item) => {
      const { quantity, terms } = item;
      const rated = item.rate({ quantity, events: [quantity] });
      return chargeOfItem(billable, item, {
        kind: 'one_time',
        quantity,
        unitAmount: unitAmountOf(terms, rated, quantity),
        amount: rated.amount,
        period: null,
        explanation: {
          model: terms.model,
          unrounded: rated.unrounded.toFixed(),
          rounding: LINE_ROUNDING,
          steps: rated.steps,
        },
      });
    });
}

function feesOfItem(billable: Billable, item: BillableItem, { period, full }: BilledPeriod): Charge[] {
  const paid = feePeriod(period, billable.subscription.trialEndsAt);
  const part = paid && timeInForce(billable, item, paid);
  if (!part) return [];
  const factor = item.price.prorated ? shareOf(billable, part, full) : WHOLE;
  const charge = feeOf(billable, item, { part, full, factor });
  return [
    charge,
    ...boundsOfItem(billable, item, { part, full, factor, reached: charge.amount, minimum: 'due' }),
  ];
}

function feeOf(
  billable: Billable,
  item: BillableItem,
  { part, full, factor }: { part: Period; full: Period; factor: Fraction },
): Charge {
  const { quantity, terms } = item;
  const rated = item.rate({ quantity, events: [quantity] });
  const unrounded = prorate(rated.unrounded, factor);
  return chargeOfItem(billable, item, {
    kind: 'recurring',
    quantity,
    unitAmount: unitAmountOf(terms, rated, quantity),
    amount: isWhole(factor) ? rated.amount : roundLine(unrounded),
    period: part,
    explanation: {
      model: terms.model,
      unrounded: unrounded.toFixed(),
      rounding: LINE_ROUNDING,
      steps: rated.steps,
      ...(isWhole(factor) ? {} : { proration: explainProration(billable, factor, full) }),
    },
  });
}

/** The share of a full period that a part of it is, as the subscription measures it. */
export function shareOf({ subscription }: Billable, part: Period, full: Period): Fraction {
  const { timeZone, prorationBasis } = subscription;
  return prorationFactor({ part, full, timeZone, basis: prorationBasis as ProrationBasis });
}
