import { bills, type PauseMode } from './pause-mode.js';
import type { SubscriptionStatus } from './subscription-state.js';

/** What a subscription waits for. */
export type MomentKind = 'start' | 'cancel' | 'resume' | 'change' | 'trial_end' | 'period_end';

/** The instants a subscription carries; null where there is none. */
export interface SubscriptionMoments {
  readonly status: SubscriptionStatus;
  /** When one that is scheduled starts; null when that is no matter of time, but of a payment. */
  readonly startsAt: Date | null;
  readonly currentPeriodEnd: Date;
  readonly trialEnd: Date | null;
  readonly cancelAt: Date | null;
  readonly resumesAt: Date | null;
  /** The earliest change that is scheduled. */
  readonly changeAt: Date | null;
  readonly pauseMode: PauseMode | null;
}

export interface NextMoment {
  readonly at: Date;
  readonly kind: MomentKind;
}

/**
 * When something happens next to a subscription by itself, and what; null when nothing does. Of several things at one
 * moment the first in this order is named, and the others follow when asked again: an end leaves nothing to renew, and
 * a change belongs before the trial's end and the renewal that bill by it.
 */
export function nextMoment(subscription: SubscriptionMoments): NextMoment | null {
  let earliest: NextMoment | null = null;
  for (const [kind, at] of momentsOf(subscription)) {
    if (at !== null && (earliest === null || at < earliest.at)) earliest = { at, kind };
  }
  return earliest;
}

function momentsOf(subscription: SubscriptionMoments): (readonly [MomentKind, Date | null])[] {
  const { startsAt, currentPeriodEnd, trialEnd, cancelAt, resumesAt, changeAt, pauseMode } = subscription;
  switch (subscription.status) {
    case 'scheduled':
      return [
        ['cancel', cancelAt],
        ['change', changeAt],
        ['start', startsAt],
      ];
    case 'trialing':
      return [
        ['cancel', cancelAt],
        ['change', changeAt],
        ['trial_end', trialEnd],
        ['period_end', currentPeriodEnd],
      ];
    case 'active':
      return [
        ['cancel', cancelAt],
        ['change', changeAt],
        ['period_end', currentPeriodEnd],
      ];
    case 'paused':
      return [
        ['cancel', cancelAt],
        ['resume', resumesAt],
        ['period_end', pauseMode !== null && bills(pauseMode) ? currentPeriodEnd : null],
      ];
    case 'canceled':
      return [];
  }
}
