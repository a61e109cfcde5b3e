import { subscriptionStates } from '../../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable } from '../../billing/billable.js';
import { type Act, NO_MONEY, withRow } from './act.js';
import { closeStretch } from './close-stretch.js';
import { creditsForUnused } from './unused-fees.js';

/** What becomes of fees that were paid for time after the end. */
export type CancelCredit = 'unused' | 'none';

export interface Cancellation {
  readonly before: Billable;
  readonly at: Date;
  readonly credit: CancelCredit;
  readonly reason: string | null;
}

/**
 * Ends a subscription: what is left of its period to bill stands on a last invoice. One that has not started, or that a
 * pause has stopped, has used nothing since.
 */
export async function planCancel(
  ctx: TenantContext,
  db: TenantReader,
  { before, at, credit, reason }: Cancellation,
): Promise<Act> {
  const { subscription } = before;
  const after = withRow(before, {
    status: subscriptionStates.next(subscription.status, 'cancel'),
    endedAt: at,
    cancelAt: null,
    // Asked for twice, the first time stands.
    canceledAt: subscription.canceledAt ?? ctx.clock.now(),
    cancelReason: reason ?? subscription.cancelReason,
    pausedAt: null,
    pauseMode: null,
    resumesAt: null,
  });
  const act = { ...NO_MONEY, kind: 'canceled', at, before, after, request: { credit } } as const;
  const until = usedUntil(before, at);
  if (until === null) return act;
  const unused = credit === 'unused' ? await creditsForUnused(db, before, until) : [];
  const closed = await closeStretch(ctx, db, before, {
    at: until,
    reason: 'subscription_end',
    givenBack: unused,
  });
  return {
    ...act,
    invoices: closed.invoice ? [closed.invoice] : [],
    credits: [...closed.credits, ...unused],
  };
}

function usedUntil({ subscription }: Billable, at: Date): Date | null {
  const { status, pauseMode, pausedAt, currentPeriodEnd } = subscription;
  if (status === 'scheduled') return null;
  if (status === 'paused' && pauseMode === 'credit') return null;
  if (status === 'paused' && pauseMode === 'extend') return pausedAt;
  return at < currentPeriodEnd ? at : currentPeriodEnd;
}
