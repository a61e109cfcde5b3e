import { Decimal } from '../../domain/money/decimal.js';
import { isWhole } from '../../domain/proration/fraction.js';
import { commitmentTrueUp } from '../../domain/rating/commitment.js';
import { feePeriod } from '../../domain/subscriptions/trial.js';
import type { Billable, BilledPeriod } from './billable.js';
import { type Charge, PLAIN_CHARGE } from './charge.js';
import { explainProration } from './charge-of-item.js';
import { shareOf } from './fee-charges.js';
import { LINE_ROUNDING } from './rate-line.js';

/**
 * What is missing to the least spending that a subscription has agreed to for a period that is over. `spent` are the
 * fees and usage of the period before coupons and tax, in minor units.
 */
export function commitmentCharge(billable: Billable, billed: BilledPeriod, spent: bigint): Charge[] {
  const { subscription, items } = billable;
  const commitment = subscription.commitmentAmount;
  const [first] = items;
  if (commitment === null || !first) return [];
  // Nobody owes a least spending for days of a trial.
  const paid = feePeriod(billed.period, subscription.trialEndsAt);
  if (!paid) return [];
  const factor = shareOf(billable, paid, billed.full);
  const { committed, trueUp } = commitmentTrueUp({ commitment, factor, spent });
  if (trueUp === 0n) return [];
  const amount = new Decimal(trueUp.toString());
  return [
    {
      ...PLAIN_CHARGE,
      kind: 'commitment',
      description: 'Minimum commitment',
      planId: subscription.planId,
      subscriptionId: subscription.id,
      subscriptionItemId: null,
      quantity: new Decimal(1),
      unitAmount: amount,
      amount: trueUp,
      period: billed.period,
      taxCategory: first.price.taxCategory,
      taxBehavior: first.price.taxBehavior === 'inclusive' ? 'inclusive' : 'exclusive',
      explanation: {
        model: 'commitment',
        unrounded: trueUp.toString(),
        rounding: LINE_ROUNDING,
        ...(isWhole(factor) ? {} : { proration: explainProration(billable, factor, billed.full) }),
        compared: { bound: committed.toString(), spent: spent.toString() },
      },
    },
  ];
}
