import type { Subscription } from '@nova/prisma-tenant';

import { subscriptionStates } from '../../domain/subscriptions/subscription-state.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { Billable } from '../billing/billable.js';
import { requireCustomer } from '../customers/customers.repository.js';
import { type Act, type ActKind, NO_MONEY, withRow } from './acts/act.js';
import { planCancel } from './acts/plan-cancel.js';
import { planPause } from './acts/plan-pause.js';
import { planReactivate } from './acts/plan-reactivate.js';
import { planResume } from './acts/plan-resume.js';
import type { ChangeSubscription } from './changes/change.schemas.js';
import { decideChange, type DecidedChange } from './changes/decide-change.js';
import { planItemChange } from './changes/plan-change.js';
import { historyOf } from './changes/scheduled-changes.js';
import { requireVerb } from './require-verb.js';
import { subscriptionNotStarted, subscriptionStatusConflict } from './subscriptions.errors.js';
import type { CancelSubscription, PauseSubscription } from './subscriptions.schemas.js';
import type { VerbRequest } from './verbs.schemas.js';

/** What a verb comes to: something that happens now, or a change that is agreed on for later. */
export type PlannedVerb =
  | { readonly when: 'now'; readonly act: Act }
  | { readonly when: 'later'; readonly change: ChangeSubscription; readonly decided: DecidedChange };

/**
 * Works out what is asked of a subscription, without writing anything.
 * @throws subscriptionCanceled, subscriptionNotStarted, subscriptionStatusConflict, invalidRequest, notFound, notOffered,
 * itemsDoNotFit
 */
export async function planVerb(
  ctx: TenantContext,
  db: TenantReader,
  { before, request }: { before: Billable; request: VerbRequest },
): Promise<PlannedVerb> {
  if (request.verb === 'change') return planChangeVerb(ctx, db, before, request.input);
  return { when: 'now', act: await planAct(ctx, db, before, request) };
}

async function planChangeVerb(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  change: ChangeSubscription,
): Promise<PlannedVerb> {
  const decided = await decideChange(ctx, db, { before, change });
  if (decided.when === 'later') return { when: 'later', change, decided };
  const act = await planItemChange(ctx, db, {
    before,
    target: decided.target,
    at: decided.at,
    proration: change.proration,
    request: historyOf(change, decided.timing),
    changeId: null,
  });
  return { when: 'now', act };
}

function planAct(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  request: Exclude<VerbRequest, { verb: 'change' }>,
): Promise<Act> {
  const { subscription } = before;
  switch (request.verb) {
    case 'pause':
      return planPauseVerb(ctx, db, before, request.input);
    case 'resume':
      requireVerb(subscription, 'resume');
      return Promise.resolve(planResume(ctx, { before, at: ctx.clock.now() }));
    case 'cancel':
      return planCancelVerb(ctx, db, before, request.input);
    case 'keep':
      requireVerb(subscription, 'keep');
      return Promise.resolve(
        rowAct(ctx, before, 'kept', {
          cancelAt: null,
          cancelAtPeriodEnd: false,
          canceledAt: null,
          cancelReason: null,
        }),
      );
    case 'reactivate':
      return planReactivateVerb(ctx, db, before);
  }
}

function planPauseVerb(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  { mode, resumesAt }: PauseSubscription,
): Promise<Act> {
  requireVerb(before.subscription, 'pause');
  const until = resumesAt === undefined ? null : new Date(resumesAt);
  if (until !== null && until <= ctx.clock.now()) throw inThePast('/resumesAt');
  return planPause(ctx, db, { before, pause: { mode, resumesAt: until } });
}

/** One that has not started yet has no period to wait for and ends at once. */
function planCancelVerb(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  { timing, credit, reason }: CancelSubscription,
): Promise<Act> {
  const { subscription } = before;
  requireVerb(subscription, 'cancel');
  const now = ctx.clock.now();
  const waits = subscriptionStates.canMove(subscription.status, 'schedule_cancel');
  if (timing === 'immediate' || (timing === 'period_end' && !waits)) {
    return planCancel(ctx, db, { before, at: now, credit: credit ?? 'none', reason: reason ?? null });
  }
  if (!waits) throw subscriptionNotStarted(`Subscription ${subscription.id} has no period yet.`);
  const cancelAt = timing === 'period_end' ? null : new Date(timing.at);
  if (cancelAt !== null && cancelAt <= now) throw inThePast('/timing/at');
  return Promise.resolve(
    rowAct(ctx, before, 'cancel_scheduled', {
      cancelAt,
      cancelAtPeriodEnd: cancelAt === null,
      // Asked for twice, the first time stands.
      canceledAt: subscription.canceledAt ?? now,
      cancelReason: reason ?? subscription.cancelReason,
    }),
  );
}

async function planReactivateVerb(ctx: TenantContext, db: TenantReader, before: Billable): Promise<Act> {
  const { id, status, customerId } = before.subscription;
  if (!subscriptionStates.canMove(status, 'reactivate')) {
    throw subscriptionStatusConflict(`Subscription ${id} is ${status}.`);
  }
  // One may have been deleted since the subscription ended.
  await requireCustomer(db, customerId);
  return planReactivate(ctx, db, before);
}

function rowAct(ctx: TenantContext, before: Billable, kind: ActKind, patch: Partial<Subscription>): Act {
  return { ...NO_MONEY, kind, at: ctx.clock.now(), before, after: withRow(before, patch) };
}

function inThePast(pointer: string): Error {
  const message = 'must lie in the future';
  return invalidRequest(`${pointer} ${message}.`, { errors: [{ pointer, code: 'out_of_range', message }] });
}
