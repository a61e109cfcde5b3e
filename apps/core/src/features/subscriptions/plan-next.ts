import type { SubscriptionChange } from '@nova/prisma-tenant';

import type { ProrationChoice } from '../../domain/subscriptions/plan-change.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { Billable } from '../billing/billable.js';
import type { Act } from './acts/act.js';
import { planCancel } from './acts/plan-cancel.js';
import { planMove } from './acts/plan-move.js';
import { planResume } from './acts/plan-resume.js';
import { planItemChange } from './changes/plan-change.js';
import { requestOf } from './changes/scheduled-changes.js';
import { resolveTarget } from './changes/resolve-target.js';
import { nextBilling } from './next-billing.js';

/** A subscription with the changes that are scheduled for it, the earliest first. */
export interface Expected {
  readonly before: Billable;
  readonly changes: readonly SubscriptionChange[];
}

/**
 * What happens next to a subscription by itself, whether it is due or lies ahead; null when nothing does. An end on a
 * date gives back what was paid for beyond it.
 */
export async function planNext(
  ctx: TenantContext,
  db: TenantReader,
  { before, changes }: Expected,
): Promise<Act | null> {
  const [change] = changes;
  const moment = nextBilling(before.subscription, change?.effectiveAt ?? null);
  if (moment === null) return null;
  switch (moment.kind) {
    case 'cancel':
      return planCancel(ctx, db, { before, at: moment.at, credit: 'unused', reason: null });
    case 'resume':
      return planResume(ctx, { before, at: moment.at });
    case 'change':
      return change ? planScheduled(ctx, db, before, change) : null;
    case 'start':
    case 'trial_end':
    case 'period_end':
      return planMove(ctx, db, { before, move: moment.kind });
  }
}

/** A change that was kept waiting by a pause takes effect when the subscription goes on. */
async function planScheduled(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  change: SubscriptionChange,
): Promise<Act> {
  const request = requestOf(change);
  const { currentPeriodStart, status } = before.subscription;
  const waited = status !== 'scheduled' && change.effectiveAt < currentPeriodStart;
  return planItemChange(ctx, db, {
    before,
    target: await resolveTarget(db, before, request),
    at: waited ? currentPeriodStart : change.effectiveAt,
    proration: change.proration as ProrationChoice,
    request: {},
    changeId: change.id,
  });
}
