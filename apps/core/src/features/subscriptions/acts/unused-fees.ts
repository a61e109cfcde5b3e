import type { ProrationBasis } from '../../../domain/proration/proration-factor.js';
import { unusedCredits } from '../../../domain/proration/unused-credit.js';
import type { TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable } from '../../billing/billable.js';
import { explainProration } from '../../billing/charge-of-item.js';
import { LINE_ROUNDING } from '../../billing/rate-line.js';
import type { PlannedCredit } from './act.js';
import { chargedFor, drawCredits, loadFeeLines } from './fee-lines.js';
import { currentPeriod, fullValue, isPaidAhead, openItems } from './item-value.js';

/**
 * The credits for fees that were charged for time after a moment, in which the subscription is paused or has ended: of
 * each item the unused share of its full value in force, no more than is left of what was charged for it.
 */
export async function creditsForUnused(
  db: TenantReader,
  billable: Billable,
  at: Date,
): Promise<PlannedCredit[]> {
  const { subscription } = billable;
  const lines = await loadFeeLines(db, subscription, at);
  if (lines.length === 0) return [];
  const { period, full } = currentPeriod(billable);
  const items = openItems(billable).filter(isPaidAhead);
  const credits = unusedCredits({
    lines: items.map((item) => ({
      key: item.row.id,
      amount: fullValue(item),
      full,
      period,
      ...chargedFor(lines, item.price.id),
    })),
    at,
    timeZone: subscription.timeZone,
    basis: subscription.prorationBasis as ProrationBasis,
  });
  return drawCredits(
    lines,
    credits.flatMap((credit) => {
      const item = items.find(({ row }) => row.id === credit.key);
      if (!item) return [];
      return {
        priceId: item.price.id,
        amount: credit.amount,
        period: credit.period,
        explanation: {
          unrounded: credit.unrounded.toFixed(),
          rounding: LINE_ROUNDING,
          proration: explainProration(billable, credit.factor, full),
        },
      };
    }),
  );
}
