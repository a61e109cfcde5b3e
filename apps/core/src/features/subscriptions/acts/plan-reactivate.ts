import { alignAnchor, firstPeriod } from '../../../domain/calendar/alignment.js';
import { type Cycle, localDate } from '../../../domain/calendar/periods.js';
import { subscriptionStates } from '../../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import { type Billable, billedPeriod, cycleOf } from '../../billing/billable.js';
import { type Act, NO_MONEY, withRow } from './act.js';
import { openStretch } from './open-stretch.js';
import { creditsForUnused } from './unused-fees.js';

/**
 * Lets a subscription that has ended go on from now with what it had, in a new cycle that is billed at once. What was
 * paid for time after now is credited, so that no day is paid twice; a trial that was cut short is over.
 */
export async function planReactivate(ctx: TenantContext, db: TenantReader, before: Billable): Promise<Act> {
  const { subscription } = before;
  const at = ctx.clock.now();
  const cycle = newCycle(before, at);
  const { index, period } = firstPeriod(cycle, at);
  const { trialEndsAt, startedAt } = subscription;
  const billsFirst = startedAt > at || (trialEndsAt !== null && trialEndsAt > at);
  const after = withRow(before, {
    status: subscriptionStates.next(subscription.status, 'reactivate'),
    anchorDate: cycle.anchorDate,
    startedAt: startedAt > at ? at : startedAt,
    trialEndsAt: trialEndsAt !== null && trialEndsAt > at ? at : trialEndsAt,
    periodIndex: index,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
    cancelAt: null,
    cancelAtPeriodEnd: false,
    canceledAt: null,
    cancelReason: null,
    endedAt: null,
  });
  const next = billedPeriod(after.subscription, index, period);
  const invoice = openStretch(ctx, after, {
    next,
    oneTime: billsFirst ? 'due' : 'billed_before',
    reason: billsFirst ? 'subscription_create' : 'subscription_cycle',
  });
  const credits = await creditsForUnused(db, before, at);
  return { ...NO_MONEY, kind: 'reactivated', at, before, after, invoices: [invoice], credits };
}

/** A cycle that begins on the day of a moment, or with the calendar unit around it where periods follow the calendar. */
export function newCycle({ subscription }: Billable, at: Date): Cycle {
  const cycle = cycleOf(subscription);
  const startDate = localDate(at, cycle.timeZone);
  if (subscription.alignment === 'anniversary') return { ...cycle, anchorDate: startDate };
  const billingDay = Number(cycle.anchorDate.slice(8));
  const { interval, count } = cycle;
  return {
    ...cycle,
    anchorDate: alignAnchor({ startDate, interval, count, alignment: 'calendar', billingDay }),
  };
}
