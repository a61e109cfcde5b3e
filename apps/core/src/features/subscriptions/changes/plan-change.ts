import type { Prisma, Subscription } from '@nova/prisma-tenant';

import { firstPeriod } from '../../../domain/calendar/alignment.js';
import type { Cycle } from '../../../domain/calendar/periods.js';
import type { ProrationChoice } from '../../../domain/subscriptions/plan-change.js';
import { cycleAfterTrial } from '../../../domain/subscriptions/trial.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import { type Billable, billedPeriod, cycleOf } from '../../billing/billable.js';
import type { InvoicePlan } from '../../billing/invoice-plan.js';
import { billablesOf } from '../../billing/load-billables.js';
import { planRenewal } from '../../billing/plan-renewals.js';
import { type Act, withRow } from '../acts/act.js';
import { closeStretch } from '../acts/close-stretch.js';
import { newCycle } from '../acts/plan-reactivate.js';
import { changedRows } from './change-items.js';
import { changeMoney } from './change-money.js';
import type { Target } from './resolve-target.js';

export interface PlannedChange {
  readonly before: Billable;
  readonly target: Target;
  readonly at: Date;
  readonly proration: ProrationChoice;
  readonly request: Prisma.InputJsonObject;
  readonly changeId: string | null;
}

/**
 * Changes what a subscription is made of at a moment in its current period. Before its start and in its trial no money
 * moves. Another rhythm, or a reset at the full price, ends the period and begins a new cycle.
 */
export async function planItemChange(
  ctx: TenantContext,
  db: TenantReader,
  change: PlannedChange,
): Promise<Act> {
  const { before, target, at } = change;
  const { subscription } = before;
  const isBilling = subscription.status === 'active';
  const rhythm = { interval: target.interval, intervalCount: target.intervalCount };
  const isRestart =
    change.proration === 'full_price_reset' ||
    rhythm.interval !== subscription.interval ||
    rhythm.intervalCount !== subscription.intervalCount;
  const row: Subscription = {
    ...subscription,
    ...rhythm,
    planId: target.plan.id,
    planVersion: target.planVersion,
  };
  const rows = changedRows(before, target, subscription.status === 'scheduled' ? null : at);
  const [made] = await billablesOf(db, [row], rows);
  if (!made) throw new Error('A subscription got lost while it was changed.');
  const act = {
    kind: 'changed',
    at,
    before,
    request: change.request,
    changeId: change.changeId,
  } as const;
  if (!isBilling) {
    const after = isRestart ? withRow(made, cycleBeforeFees(made)) : made;
    return { ...act, after, invoices: [], credits: [] };
  }
  return { ...act, ...(await (isRestart ? restart : goOn)(ctx, db, { change, made })) };
}

type Outcome = Pick<Act, 'after' | 'invoices' | 'credits'>;

/** The cycle stays: what changes is charged and credited for the rest of its period. */
async function goOn(
  ctx: TenantContext,
  db: TenantReader,
  { change: { before, at, proration }, made }: { change: PlannedChange; made: Billable },
): Promise<Outcome> {
  const money = await changeMoney(db, { before, after: made, at, proration, restart: null });
  const period = { start: at, end: made.subscription.currentPeriodEnd };
  if (money.charges.length === 0) return { after: made, invoices: [], credits: money.credits };
  const next = billedPeriod(made.subscription, made.subscription.periodIndex, period);
  const plan = planRenewal(
    ctx,
    { billable: made, ended: null, next, oneTime: 'billed_before' },
    money.charges,
  );
  // At the very end of a period there is no time to claim.
  const claims = plan.claims
    .filter(({ periodStart, periodEnd }) => periodStart < periodEnd)
    .map((claim) => ({ ...claim, kind: 'change' as const }));
  const invoice: InvoicePlan = { ...plan, claims, billingReason: 'subscription_change' };
  return { after: made, invoices: [invoice], credits: money.credits };
}

/**
 * The period ends now and a new cycle begins. What the old one leaves is not held back for late events: its rhythm is
 * gone by the time they come, and they are billed as late usage.
 */
async function restart(
  ctx: TenantContext,
  db: TenantReader,
  { change: { before, at, proration }, made }: { change: PlannedChange; made: Billable },
): Promise<Outcome> {
  const cycle = newCycle(made, at);
  const { index, period } = firstPeriod(cycle, at);
  const after = withRow(made, {
    anchorDate: cycle.anchorDate,
    periodIndex: index,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  });
  const next = billedPeriod(after.subscription, index, period);
  const money = await changeMoney(db, {
    before,
    after,
    at,
    // Without proration a new cycle is paid for all the same, from its first day.
    proration: proration === 'none' ? 'full_price_reset' : proration,
    restart: next,
  });
  const closed = await closeStretch(ctx, db, before, {
    at,
    reason: 'subscription_change',
    givenBack: money.credits,
  });
  const plan = planRenewal(ctx, { billable: after, ended: null, next, oneTime: 'billed_before' }, [
    ...(closed.invoice?.charges ?? []),
    ...money.charges,
  ]);
  const invoice: InvoicePlan = {
    ...plan,
    claims: [...(closed.invoice?.claims ?? []), ...plan.claims],
    billingReason: 'subscription_change',
  };
  return { after, invoices: [invoice], credits: [...closed.credits, ...money.credits] };
}

/** The first period in another rhythm, of one that has not started or whose fees begin when its trial ends. */
function cycleBeforeFees({ subscription }: Billable): Partial<Subscription> {
  const { trialEndsAt, startedAt, alignment, status } = subscription;
  const { interval, count, timeZone, anchorDate } = cycleOf(subscription);
  if (alignment === 'calendar' || trialEndsAt === null || trialEndsAt <= startedAt) {
    const cycle = newCycle({ subscription, items: [] }, startedAt);
    return periodOf(cycle, status === 'trialing' ? subscription.currentPeriodStart : startedAt);
  }
  const cycle = cycleAfterTrial({
    trialEnd: trialEndsAt,
    alignment: 'anniversary',
    interval,
    count,
    timeZone,
  });
  return cycle.anchorDate === anchorDate ? {} : { anchorDate: cycle.anchorDate };
}

function periodOf(cycle: Cycle, start: Date): Partial<Subscription> {
  const { index, period } = firstPeriod(cycle, start);
  return {
    anchorDate: cycle.anchorDate,
    periodIndex: index,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  };
}
