import { periodBound } from '../../../domain/calendar/periods.js';
import { subscriptionStates } from '../../../domain/subscriptions/subscription-state.js';
import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import { type Billable, type BilledPeriod, billedPeriod, cycleOf } from '../../billing/billable.js';
import type { Charge } from '../../billing/charge.js';
import { loadEndedPeriods } from '../../billing/load-ended-periods.js';
import { planRenewal } from '../../billing/plan-renewals.js';
import {
  arrearsCharges,
  type EndedPeriod,
  hasArrears,
  isArrears,
  type RatedPeriod,
  renewalCharges,
} from '../../billing/renewal-charges.js';
import { type Act, NO_MONEY, withRow } from './act.js';
import { giveBack } from './close-stretch.js';
import { currentPeriod } from './item-value.js';
import { openStretch } from './open-stretch.js';

/** What happens by the calendar alone. */
export type Move = 'start' | 'trial_end' | 'period_end';

/**
 * Moves a subscription on when it starts, its trial ends or its period does. `pending` are charges of moves before that
 * are not written yet.
 */
export function planMove(
  ctx: TenantContext,
  db: TenantReader,
  { before, move, pending = [] }: { before: Billable; move: Move; pending?: readonly Charge[] },
): Promise<Act> {
  switch (move) {
    case 'start':
      return Promise.resolve(planStart(ctx, before));
    case 'trial_end':
      return planTrialEnd(ctx, db, before, pending);
    case 'period_end':
      return planNextPeriod(ctx, db, before, pending);
  }
}

/** The first period begins: with a trial nothing is billed yet. */
function planStart(ctx: TenantContext, before: Billable): Act {
  const { status, startedAt, trialEndsAt } = before.subscription;
  const hasTrial = trialEndsAt !== null && trialEndsAt > startedAt;
  const after = withRow(before, {
    status: subscriptionStates.next(status, hasTrial ? 'start_trial' : 'start'),
  });
  const act = { ...NO_MONEY, kind: 'started', at: startedAt, before, after } as const;
  if (hasTrial) return act;
  const next = currentPeriod(after);
  return {
    ...act,
    invoices: [openStretch(ctx, after, { next, oneTime: 'due', reason: 'subscription_create' })],
  };
}

/** From the end of the trial on fees are due: of what is left of the period it ends in, or of the one that begins. */
async function planTrialEnd(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  pending: readonly Charge[],
): Promise<Act> {
  const { status, trialEndsAt, currentPeriodEnd } = before.subscription;
  const at = trialEndsAt ?? currentPeriodEnd;
  const active = withRow(before, { status: subscriptionStates.next(status, 'end_trial') });
  const act = { ...NO_MONEY, kind: 'trial_ended', at, before } as const;
  if (at < currentPeriodEnd) {
    const next = currentPeriod(active);
    const invoice = openStretch(ctx, active, { next, oneTime: 'due', reason: 'subscription_create' });
    return { ...act, after: active, invoices: [invoice] };
  }
  const { after, next } = nextPeriod(active);
  const ended = currentPeriod(before);
  const { charges, overbilled } = await rateEnded(db, active, ended, { next, oneTime: 'due', pending });
  const plan = planRenewal(ctx, { billable: active, ended, next, oneTime: 'due' }, charges);
  return { ...act, after, invoices: [plan], credits: overbilled.flatMap(giveBack) };
}

/** A renewal. In a trial that goes on only what was used is billed; the fees are when it ends. */
async function planNextPeriod(
  ctx: TenantContext,
  db: TenantReader,
  before: Billable,
  pending: readonly Charge[],
): Promise<Act> {
  const { status, currentPeriodEnd } = before.subscription;
  const renewed = withRow(before, { status: subscriptionStates.next(status, 'renew') });
  const { after, next } = nextPeriod(renewed);
  const ended = currentPeriod(before);
  const fees = status === 'trialing' ? null : next;
  const { charges, overbilled } = await rateEnded(db, before, ended, {
    next: fees,
    oneTime: 'billed_before',
    pending,
  });
  const plan = planRenewal(ctx, { billable: before, ended, next, oneTime: 'billed_before' }, charges);
  return {
    ...NO_MONEY,
    kind: 'renewed',
    at: currentPeriodEnd,
    before,
    after,
    invoices: [plan],
    credits: overbilled.flatMap(giveBack),
  };
}

/** The period after the present one begins where that ends, and ends at its bound counted from the anchor. */
function nextPeriod(billable: Billable): { after: Billable; next: BilledPeriod } {
  const { subscription } = billable;
  const periodIndex = subscription.periodIndex + 1;
  const start = subscription.currentPeriodEnd;
  const end = periodBound(cycleOf(subscription), periodIndex + 1);
  const after = withRow(billable, { periodIndex, currentPeriodStart: start, currentPeriodEnd: end });
  return { after, next: billedPeriod(subscription, periodIndex, { start, end }) };
}

async function rateEnded(
  db: TenantReader,
  billable: Billable,
  ended: BilledPeriod,
  {
    next,
    oneTime,
    pending,
  }: { next: BilledPeriod | null; oneTime: 'due' | 'billed_before'; pending: readonly Charge[] },
): Promise<RatedPeriod> {
  const stretch = { billable, billed: ended };
  const countedOf = await loadEndedPeriods(db, hasArrears(billable) ? [stretch] : []);
  const known: EndedPeriod = hasArrears(billable) ? countedOf(stretch) : { usage: new Map() };
  const spentBefore = (known.spentBefore ?? 0n) + spentAhead(billable, ended, pending);
  const counted = { ...known, spentBefore };
  if (next === null) return arrearsCharges(billable, ended, counted);
  return renewalCharges({ billable, ended, next, oneTime }, counted);
}

/** The fees of a period that were charged ahead of it, in minor units. */
function spentAhead(
  billable: Billable,
  { period: { start, end } }: BilledPeriod,
  pending: readonly Charge[],
): bigint {
  return pending
    .filter((charge) => charge.period && charge.period.start >= start && charge.period.start < end)
    .filter((charge) => !isArrears(billable, charge))
    .reduce((sum, { amount }) => sum + amount, 0n);
}
