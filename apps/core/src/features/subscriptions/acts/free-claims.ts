import type { TenantTransaction } from '../../../tenancy/tenant-context.js';
import type { InvoicePlan, PeriodClaim } from '../../billing/invoice-plan.js';

/**
 * Gives the claims of an act a millisecond of their own. A claim keeps a period from being billed twice; what an act
 * bills was decided under the subscription's lock, and several acts at one moment, as happens where a test clock stands
 * still, each bill something else.
 */
export async function freeClaims(
  tx: TenantTransaction,
  plans: readonly InvoicePlan[],
): Promise<InvoicePlan[]> {
  const claims = plans.flatMap((plan) => plan.claims);
  if (claims.length === 0) return [...plans];
  const taken = await tx.db.billingPeriod.findMany({
    where: {
      subscriptionId: { in: claims.map(({ subscriptionId }) => subscriptionId) },
      kind: { in: ['recurring', 'change'] },
      periodStart: { gte: new Date(Math.min(...claims.map(({ periodStart }) => periodStart.getTime()))) },
    },
    select: { subscriptionId: true, kind: true, periodStart: true },
  });
  const keys = new Set(taken.map(keyOf));
  const free = (claim: PeriodClaim): PeriodClaim => {
    let { periodStart } = claim;
    if (claim.kind === 'usage' || claim.kind === 'final') return claim;
    while (keys.has(keyOf({ ...claim, periodStart }))) periodStart = new Date(periodStart.getTime() + 1);
    keys.add(keyOf({ ...claim, periodStart }));
    return { ...claim, periodStart };
  };
  return plans.map((plan) => ({ ...plan, claims: plan.claims.map(free) }));
}

function keyOf(claim: Pick<PeriodClaim, 'subscriptionId' | 'periodStart'> & { kind: string }): string {
  return `${claim.subscriptionId} ${claim.kind} ${claim.periodStart.getTime()}`;
}
