import { Decimal } from '../../../domain/money/decimal.js';
import { prorate } from '../../../domain/proration/fraction.js';
import type { ChangeLine } from '../../../domain/subscriptions/plan-change.js';
import type { Billable, BillableItem } from '../../billing/billable.js';
import type { Charge, ChargeKind } from '../../billing/charge.js';
import { chargeOfItem, explainProration } from '../../billing/charge-of-item.js';
import { LINE_ROUNDING, unitAmountOf } from '../../billing/rate-line.js';
import type { Period } from '../../../domain/calendar/periods.js';

/** A charge of a change, and what it is for. */
export interface ChargedItem {
  readonly item: BillableItem;
  /** The same price with another quantity before, of which only the difference is charged. */
  readonly before: BillableItem | null;
  /** The full period that the price is for. */
  readonly full: Period;
  readonly kind: ChargeKind;
}

/** The invoice line of what a change charges. Of more of the same it says how many more, and what was paid before. */
export function chargeOfChange(
  billable: Billable,
  { amount, unrounded, period, factor }: ChangeLine,
  { item, before, full, kind }: ChargedItem,
): Charge {
  const { quantity, terms } = item;
  const rated = item.rate({ quantity, events: [quantity] });
  const whole = prorate(rated.unrounded, factor);
  const more = before && before.quantity.lt(quantity) ? quantity.minus(before.quantity) : null;
  const charge = chargeOfItem(billable, item, {
    kind,
    quantity: more ?? quantity,
    unitAmount: unitAmountOf(terms, rated, quantity),
    amount,
    period,
    explanation: {
      model: terms.model,
      unrounded: before ? whole.toFixed() : unrounded.toFixed(),
      rounding: LINE_ROUNDING,
      steps: rated.steps,
      ...(period ? { proration: explainProration(billable, factor, full) } : {}),
      ...(before ? { alreadyBilled: Decimal.max(whole.minus(unrounded), 0).toFixed() } : {}),
    },
  });
  return more ? { ...charge, description: `${charge.description}: ${more.toFixed()} more` } : charge;
}
