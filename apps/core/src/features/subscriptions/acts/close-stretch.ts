import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import { type Billable, billedPeriod } from '../../billing/billable.js';
import type { BillingReason, InvoicePlan } from '../../billing/invoice-plan.js';
import { loadEndedPeriods } from '../../billing/load-ended-periods.js';
import { planRenewal } from '../../billing/plan-renewals.js';
import { arrearsCharges, hasArrears } from '../../billing/renewal-charges.js';
import type { Overbilled } from '../../billing/usage-difference.js';
import type { PlannedCredit } from './act.js';

/** What is billed and given back when a period ends before its time. */
export interface ClosedStretch {
  /** Null when the period leaves nothing to bill. */
  readonly invoice: InvoicePlan | null;
  readonly credits: readonly PlannedCredit[];
}

const NOTHING_LEFT: ClosedStretch = { invoice: null, credits: [] };

/**
 * Bills what the current period has left by a moment: usage, fees in arrears, and the share of minimums and of the
 * commitment. An invoice with usage waits for late events like that of any period. `givenBack` are the fees that are
 * credited at the same moment: a commitment does not count them.
 */
export async function closeStretch(
  ctx: TenantContext,
  db: TenantReader,
  billable: Billable,
  { at, reason, givenBack }: { at: Date; reason: BillingReason; givenBack: readonly PlannedCredit[] },
): Promise<ClosedStretch> {
  const { periodIndex, currentPeriodStart } = billable.subscription;
  if (at <= currentPeriodStart || !hasArrears(billable)) return NOTHING_LEFT;
  const billed = billedPeriod(billable.subscription, periodIndex, { start: currentPeriodStart, end: at });
  const stretch = { billable, billed };
  const countedOf = await loadEndedPeriods(db, [stretch]);
  const counted = countedOf(stretch);
  const spentBefore = (counted.spentBefore ?? 0n) - sumOf(givenBack);
  const { charges, overbilled } = arrearsCharges(billable, billed, { ...counted, spentBefore });
  const renewal = { billable, ended: billed, next: null, oneTime: 'billed_before' } as const;
  const plan = planRenewal(ctx, renewal, charges);
  return { invoice: { ...plan, billingReason: reason }, credits: overbilled.flatMap(giveBack) };
}

/** What progressive billing has billed too much, taken from its lines, the latest first. */
export function giveBack({ amount, lines }: Overbilled): PlannedCredit[] {
  let rest = amount;
  return lines.flatMap((line) => {
    const left = line.amount - line.credited;
    const taken = left < rest ? left : rest;
    if (taken <= 0n) return [];
    rest -= taken;
    return { invoiceId: line.invoiceId, lines: [{ invoiceLineId: line.invoiceLineId, amount: taken }] };
  });
}

function sumOf(credits: readonly PlannedCredit[]): bigint {
  return credits.flatMap(({ lines }) => lines).reduce((sum, { amount }) => sum + amount, 0n);
}
