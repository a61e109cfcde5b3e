import { firstPeriod } from '../../../domain/calendar/alignment.js';
import { extendByPause } from '../../../domain/subscriptions/pause.js';
import { subscriptionStates } from '../../../domain/subscriptions/subscription-state.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { type Billable, billedPeriod, cycleOf } from '../../billing/billable.js';
import { type Act, NO_MONEY, withRow } from './act.js';
import { openStretch } from './open-stretch.js';

/**
 * Ends a pause at a moment. After one in the mode `credit` the rest of the cycle's period is charged, after one in the
 * mode `extend` the period's end and the cycle have moved by the days of the pause. In the others billing went on.
 */
export function planResume(ctx: TenantContext, { before, at }: { before: Billable; at: Date }): Act {
  const { subscription } = before;
  const resumed = withRow(before, {
    status: subscriptionStates.next(subscription.status, 'resume'),
    pausedAt: null,
    pauseMode: null,
    resumesAt: null,
  });
  const act = { ...NO_MONEY, kind: 'resumed', at, before } as const;
  if (subscription.pauseMode === 'extend') return { ...act, after: extended(resumed, before, at) };
  if (subscription.pauseMode !== 'credit') return { ...act, after: resumed };
  const { index, period } = firstPeriod(cycleOf(subscription), at);
  const after = withRow(resumed, {
    periodIndex: index,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
  });
  const next = billedPeriod(subscription, index, period);
  const invoice = openStretch(ctx, after, { next, oneTime: 'billed_before', reason: 'subscription_change' });
  return { ...act, after, invoices: [invoice] };
}

function extended(resumed: Billable, before: Billable, at: Date): Billable {
  const { pausedAt, currentPeriodEnd, timeZone } = before.subscription;
  if (pausedAt === null) return resumed;
  const moved = extendByPause({ pausedAt, resumedAt: at, periodEnd: currentPeriodEnd, timeZone });
  if (moved.anchorDate === null) return resumed;
  return withRow(resumed, {
    anchorDate: moved.anchorDate,
    // The calendar no longer says when periods begin; the moved end does, and the next period is its first.
    alignment: 'anniversary',
    periodIndex: -1,
    currentPeriodEnd: moved.periodEnd,
  });
}
