import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import type { InvoicePlan, PeriodClaim } from '../../billing/invoice-plan.js';
import type { Billable } from '../../billing/billable.js';
import { nextBilling } from '../next-billing.js';
import type { Act } from './act.js';
import { type Move, planMove } from './plan-move.js';

/** What becomes of the periods before the present one, of a start that lies in the past. */
export type BackdateBilling = 'bill' | 'skip';

/** A year of days has at most so many periods, with a trial's. */
const PERIODS_MAX = 800;

/**
 * Lets a new subscription begin, and with it all that has happened since when its start lies in the past: the periods
 * that have fallen due stand on one first invoice, or are passed over but for the present one.
 */
export async function planCreation(
  ctx: TenantContext,
  db: TenantReader,
  { before, backdateBilling }: { before: Billable; backdateBilling: BackdateBilling },
): Promise<Act> {
  const now = ctx.clock.now();
  const plans: InvoicePlan[] = [];
  let state = before;
  for (let count = 0; count < PERIODS_MAX; count++) {
    const moment = nextBilling(state.subscription, null);
    if (moment === null || moment.at > now) break;
    const act = await planMove(ctx, db, {
      before: state,
      move: moment.kind as Move,
      pending: plans.flatMap(({ charges }) => charges),
    });
    plans.push(...act.invoices);
    state = act.after;
  }
  const from = backdateBilling === 'skip' ? state.subscription.currentPeriodStart : null;
  const invoices = plans.length > 0 ? [joinFirst(plans, from)] : [];
  return {
    kind: 'created',
    at: before.subscription.startedAt,
    before,
    after: state,
    invoices,
    credits: [],
    request: {},
    changeId: null,
  };
}

/**
 * One invoice for all that is due at the start, or for what is of no time before a moment. What is passed over is claimed
 * all the same, so that nobody bills it later, but for its usage: that is not rated again when late events come. It
 * waits as long as the last period on it has to.
 */
function joinFirst(plans: readonly InvoicePlan[], from: Date | null): InvoicePlan {
  const [first] = plans;
  const last = plans.at(-1);
  if (!first || !last) throw new Error('There is nothing to join.');
  const charges = plans.flatMap((plan) => plan.charges);
  return {
    ...first,
    billingReason: 'subscription_create',
    charges: charges.filter(({ period }) => from === null || period === null || period.end > from),
    claims: plans
      .flatMap(({ claims }) => claims)
      .filter((claim) => from === null || !isUsageBefore(claim, from)),
    finalize: from === null ? last.finalize : 'now',
  };
}

function isUsageBefore({ kind, periodEnd }: PeriodClaim, from: Date): boolean {
  return kind === 'usage' && periodEnd <= from;
}
