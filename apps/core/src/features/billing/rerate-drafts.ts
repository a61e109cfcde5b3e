import type { Period } from '../../domain/calendar/periods.js';
import type { TenantTransaction } from '../../tenancy/tenant-context.js';
import { billedPeriodAt } from './billable.js';
import type { Charge } from './charge.js';
import { loadChargesOfDrafts } from './charges-of-draft.js';
import { loadBillables } from './load-billables.js';
import { loadEndedPeriods } from './load-ended-periods.js';
import { arrearsCharges, isArrears } from './renewal-charges.js';
import type { Overbilled } from './usage-difference.js';

/** What drafts charge by now, and what is to be given back with them. */
export interface RatedDrafts {
  readonly chargesOf: (invoiceId: string) => readonly Charge[];
  readonly overbilled: readonly Overbilled[];
}

/**
 * Rates the usage that drafts bill again, from the events that have come by now. What else stands in them stays: fees of
 * the next period, what somebody has written by hand, and adjustments of periods before.
 */
export async function rerateDrafts(tx: TenantTransaction, draftIds: readonly string[]): Promise<RatedDrafts> {
  const standing = await loadChargesOfDrafts(tx.db, draftIds);
  const claims = await tx.db.billingPeriod.findMany({
    where: { invoiceId: { in: [...draftIds] }, kind: { in: ['usage', 'final'] } },
    orderBy: [{ subscriptionId: 'asc' }, { periodStart: 'asc' }],
  });
  if (claims.length === 0) return { chargesOf: standing, overbilled: [] };
  const subscriptions = await tx.db.subscription.findMany({
    where: { id: { in: claims.map(({ subscriptionId }) => subscriptionId) } },
  });
  const billables = await loadBillables(tx.db, subscriptions);
  const byId = new Map(billables.map((billable) => [billable.subscription.id, billable]));
  const stretches = claims.flatMap(({ invoiceId, subscriptionId, periodStart, periodEnd }) => {
    const billable = byId.get(subscriptionId);
    const period = { start: periodStart, end: periodEnd };
    return billable ? [{ invoiceId, billable, billed: billedPeriodAt(billable, period) }] : [];
  });
  const countedOf = await loadEndedPeriods(tx.db, stretches);
  const charges = new Map<string, readonly Charge[]>(draftIds.map((id) => [id, standing(id)]));
  const overbilled: Overbilled[] = [];
  for (const stretch of stretches) {
    const { invoiceId, billable, billed } = stretch;
    if (invoiceId === null) continue;
    const rated = arrearsCharges(billable, billed, countedOf(stretch));
    overbilled.push(...rated.overbilled);
    const others = (charges.get(invoiceId) ?? []).filter(
      (charge) => !isArrears(billable, charge) || !isWithin(charge, billed.period),
    );
    charges.set(invoiceId, [...rated.charges, ...others]);
  }
  return { chargesOf: (invoiceId) => charges.get(invoiceId) ?? [], overbilled };
}

function isWithin({ period }: Charge, whole: Period): boolean {
  return period !== null && period.start >= whole.start && period.end <= whole.end;
}
