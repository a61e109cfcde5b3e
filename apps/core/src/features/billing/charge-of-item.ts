import type { Period } from '../../domain/calendar/periods.js';
import { Decimal } from '../../domain/money/decimal.js';
import type { Fraction } from '../../domain/proration/fraction.js';
import type { TaxBehavior } from '../../domain/tax/tax-types.js';
import { describePrice } from '../invoices/resolve-draft-lines.js';
import type { Billable, BillableItem } from './billable.js';
import { type Charge, type ChargeKind, PLAIN_CHARGE, type ProrationExplanation } from './charge.js';
import { LINE_ROUNDING } from './rate-line.js';

const ONE = new Decimal(1);

/** What every charge of an item has, whatever it is for. */
export function chargeOfItem(
  { subscription }: Billable,
  { row, price, meter }: BillableItem,
  charge: Pick<Charge, 'kind' | 'quantity' | 'unitAmount' | 'amount' | 'period' | 'explanation'>,
): Charge {
  return {
    ...PLAIN_CHARGE,
    // Usage is told from the plan's fee by what was used, unless its price has a name of its own.
    description: describePrice(meter && price.name === null ? { ...price, name: meter.name } : price),
    priceId: price.id,
    planId: price.planId,
    subscriptionId: subscription.id,
    subscriptionItemId: row.id,
    unit: price.unit,
    taxCategory: price.taxCategory,
    taxBehavior: price.taxBehavior as TaxBehavior,
    ...charge,
  };
}

/** A charge that a comparison led to instead of a price: what is missing to a minimum, or beyond a maximum. */
export function comparedCharge(
  billable: Billable,
  item: BillableItem,
  of: {
    kind: ChargeKind;
    what: string;
    amount: bigint;
    period: Period;
    compared: { bound: string; spent: bigint };
    proration?: ProrationExplanation | undefined;
  },
): Charge {
  const amount = new Decimal(of.amount.toString());
  const charge = chargeOfItem(billable, item, {
    kind: of.kind,
    quantity: ONE,
    unitAmount: amount,
    amount: of.amount,
    period: of.period,
    explanation: {
      model: of.kind,
      unrounded: amount.toFixed(),
      rounding: LINE_ROUNDING,
      ...(of.proration ? { proration: of.proration } : {}),
      compared: { bound: of.compared.bound, spent: of.compared.spent.toString() },
    },
  });
  return { ...charge, description: `${charge.description}: ${of.what}`, unit: null };
}

/** The share of a full period, as a line explains it. */
export function explainProration(
  { subscription }: Billable,
  { numerator, denominator }: Fraction,
  full: Period,
): ProrationExplanation {
  return {
    numerator: numerator.toString(),
    denominator: denominator.toString(),
    basis: subscription.prorationBasis,
    from: full.start.toISOString(),
    to: full.end.toISOString(),
  };
}
