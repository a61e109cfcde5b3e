import { type PauseMode } from '../../../domain/subscriptions/pause-mode.js';
import { subscriptionStates } from '../../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import type { Billable } from '../../billing/billable.js';
import { type Act, withRow } from './act.js';
import { closeStretch } from './close-stretch.js';
import { creditsForUnused } from './unused-fees.js';

export interface Pause {
  readonly mode: PauseMode;
  /** When it resumes by itself; null when somebody has to say so. */
  readonly resumesAt: Date | null;
}

/**
 * Pauses a subscription now. In the mode `credit` what was used is billed, what was paid for and will not be used is
 * credited, and the period is over; the others move no money now.
 */
export async function planPause(
  ctx: TenantContext,
  db: TenantReader,
  { before, pause }: { before: Billable; pause: Pause },
): Promise<Act> {
  const at = ctx.clock.now();
  const { mode, resumesAt } = pause;
  const after = withRow(before, {
    status: subscriptionStates.next(before.subscription.status, 'pause'),
    pausedAt: at,
    pauseMode: mode,
    resumesAt,
  });
  const request = { mode, resumesAt: resumesAt?.toISOString() ?? null };
  const act = { kind: 'paused', at, before, after, request, changeId: null } as const;
  if (mode !== 'credit') return { ...act, invoices: [], credits: [] };
  const unused = await creditsForUnused(db, before, at);
  const closed = await closeStretch(ctx, db, before, {
    at,
    reason: 'subscription_change',
    givenBack: unused,
  });
  return {
    ...act,
    invoices: closed.invoice ? [closed.invoice] : [],
    credits: [...closed.credits, ...unused],
  };
}
