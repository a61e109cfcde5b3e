import type { Subscription } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordFirstMrr } from '../analytics/mrr/record-mrr.js';
import { creditOverbilled } from '../billing/credit-overbilled.js';
import type { InvoicePlan } from '../billing/invoice-plan.js';
import { type LateUsage, takeLateUsage } from '../billing/late-usage.js';
import { loadBillables } from '../billing/load-billables.js';
import { loadEndedPeriods, type RatedStretch } from '../billing/load-ended-periods.js';
import { planLateUsage } from '../billing/plan-late-usage.js';
import { joinPlans, planRenewal } from '../billing/plan-renewals.js';
import { hasArrears, type Renewal, renewalCharges } from '../billing/renewal-charges.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { renewalOf } from './due-period.js';
import { moveOn } from './move-on.js';
import { recordRenewals } from './record-renewals.js';

/** What is known of subscriptions besides their rows. */
export interface KnownOfDue {
  /** The earliest change that is scheduled for each. */
  readonly changeOf: (subscriptionId: string) => Date | null;
  /** Those of the customers who want one invoice for all that is due at a moment. */
  readonly together: ReadonlySet<string>;
}

/**
 * Bills the period that is over and the one that is due of subscriptions whose rows this transaction holds, and moves
 * them on. Claims, invoices, numbers and moves are one transaction: a crash anywhere leaves the periods unbilled and due,
 * and none is ever billed twice. A fixed number of statements however many there are.
 */
export async function billRenewals(
  ctx: TenantContext,
  tx: TenantTransaction,
  subscriptions: readonly Subscription[],
  { changeOf, together }: KnownOfDue,
): Promise<void> {
  if (subscriptions.length === 0) return;
  const billables = await loadBillables(tx.db, subscriptions);
  const renewals = billables.map(renewalOf);
  const stretches = new Map(renewals.map((renewal) => [renewal, endedStretch(renewal)]));
  // Before the usage is counted: an event that comes in between keeps its note, and none is passed over.
  const late = await takeLateUsage(
    tx,
    subscriptions.map(({ customerId }) => customerId),
  );
  const countedOf = await loadEndedPeriods(
    tx.db,
    [...stretches.values()].filter((stretch) => stretch !== null),
  );
  const overbilled = late.flatMap((changed) => changed.overbilled);
  const plans = renewals.map((renewal) => {
    const stretch = stretches.get(renewal);
    const rated = renewalCharges(renewal, stretch ? countedOf(stretch) : { usage: new Map() });
    const { customerId, nextBillingAt, startedAt } = renewal.billable.subscription;
    const plan = planRenewal(ctx, renewal, rated.charges);
    // A draft is rated again when it is finalised, and gives back then what there is to give back.
    if (plan.finalize === 'now') overbilled.push(...rated.overbilled);
    return {
      plan,
      dueAt: nextBillingAt ?? startedAt,
      together: together.has(customerId) ? customerId : null,
    };
  });
  const moved = await moveOn(ctx, tx, subscriptions, changeOf);
  await recordFirstMrr(ctx, tx, subscriptions);
  await creditOverbilled(ctx, tx, overbilled);
  const invoices = await writeInvoices(ctx, tx, withLateUsage(joinPlans(plans), late));
  await recordRenewals(ctx, tx, { billables, moved, invoices });
}

function endedStretch({ billable, ended }: Renewal): RatedStretch | null {
  return ended && hasArrears(billable) ? { billable, billed: ended } : null;
}

/**
 * What late events led to stands on the customer's next invoice in the same currency, or on one of its own where there
 * is none that is to be paid.
 */
function withLateUsage(plans: readonly InvoicePlan[], late: readonly LateUsage[]): InvoicePlan[] {
  const completed = [...plans];
  for (const changed of late) {
    if (changed.charges.length === 0) continue;
    const { customerId, currency } = changed.subscription;
    const index = completed.findIndex(
      (plan) => plan.customerId === customerId && plan.currency === currency && plan.onFinalize === null,
    );
    const plan = completed[index];
    if (plan) completed[index] = { ...plan, charges: [...plan.charges, ...changed.charges] };
    else completed.push(planLateUsage(changed));
  }
  return completed;
}
