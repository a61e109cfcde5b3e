import { type Billable, type BilledPeriod } from './billable.js';
import type { Charge } from './charge.js';
import { commitmentCharge } from './commitment-charge.js';
import { feeCharges, oneTimeCharges } from './fee-charges.js';
import { type BilledOf, NOTHING_BILLED } from './load-billed-usage.js';
import { rateUsage, type UsageByKey } from './usage-charges.js';
import { type Overbilled, usageDifference } from './usage-difference.js';

/** What a subscription is billed for at one moment. */
export interface Renewal {
  readonly billable: Billable;
  /** The period that is over; null at the start. */
  readonly ended: BilledPeriod | null;
  /** The period that begins; null at the end. */
  readonly next: BilledPeriod | null;
  /** Whether prices that are paid once are due: on the first invoice. */
  readonly oneTime: 'due' | 'billed_before';
}

/** What was counted and billed of the period that is over. */
export interface EndedPeriod {
  readonly usage: UsageByKey;
  readonly billed?: BilledOf;
  /** Fees of the period that earlier invoices have, in minor units: what a commitment counts besides. */
  readonly spentBefore?: bigint;
}

/** Charges, and what earlier invoices billed too much, which credit notes give back. */
export interface RatedPeriod {
  readonly charges: readonly Charge[];
  readonly overbilled: readonly Overbilled[];
}

const NOTHING_RATED: RatedPeriod = { charges: [], overbilled: [] };

/**
 * All that is billed at a renewal, a start or an end: first what is left of the period that is over, then the fees of
 * the one that begins, item by item in their order.
 */
export function renewalCharges(renewal: Renewal, counted: EndedPeriod): RatedPeriod {
  const { billable, ended, next, oneTime } = renewal;
  const arrears = ended ? arrearsCharges(billable, ended, counted) : NOTHING_RATED;
  return {
    charges: [
      ...arrears.charges,
      ...inItemOrder(billable, [
        ...(next ? feeCharges(billable, next, 'in_advance') : []),
        ...(oneTime === 'due' ? oneTimeCharges(billable) : []),
      ]),
    ],
    overbilled: arrears.overbilled,
  };
}

function inItemOrder({ items }: Billable, charges: readonly Charge[]): Charge[] {
  const place = new Map(items.map(({ row }, index) => [row.id, index]));
  const placeOf = ({ subscriptionItemId }: Charge) => place.get(subscriptionItemId ?? '') ?? items.length;
  return charges.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** What is billed of a period when it is over: fees in arrears, usage with its minimums, and the commitment's rest. */
export function arrearsCharges(
  billable: Billable,
  ended: BilledPeriod,
  { usage, billed = NOTHING_BILLED, spentBefore = 0n }: EndedPeriod,
): RatedPeriod {
  const fees = feeCharges(billable, ended, 'in_arrears');
  const used = rateUsage(billable, ended, { usage, minimum: 'due' }).map((ofItem) =>
    usageDifference(billable, ofItem, { billed: billed(ofItem.item.row.id, ofItem.window), kind: 'usage' }),
  );
  const charges = [...fees, ...used.flatMap((difference) => difference.charges)];
  const overbilled = used.flatMap((difference) => difference.overbilled);
  const spent =
    spentBefore +
    charges.reduce((sum, { amount }) => sum + amount, 0n) -
    overbilled.reduce((sum, { amount }) => sum + amount, 0n);
  return { charges: [...charges, ...commitmentCharge(billable, ended, spent)], overbilled };
}

/** Whether a subscription has something to bill when its period is over. */
export function hasArrears({ subscription, items }: Billable): boolean {
  return (
    subscription.commitmentAmount !== null ||
    items.some(
      ({ price }) => price.type === 'usage' || (price.type === 'recurring' && price.billing === 'in_arrears'),
    )
  );
}

/** Whether a charge of a subscription is of what is billed when its period is over, rather than ahead of it. */
export function isArrears({ subscription, items }: Billable, charge: Charge): boolean {
  if (charge.subscriptionId !== subscription.id) return false;
  if (charge.kind === 'commitment') return true;
  const price = items.find(({ row }) => row.id === charge.subscriptionItemId)?.price;
  return price?.type === 'usage' || (price?.type === 'recurring' && price.billing === 'in_arrears');
}
