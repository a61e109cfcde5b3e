import type { Subscription } from '@nova/prisma-tenant';

import { periodBound, type Period } from '../../domain/calendar/periods.js';
import { type Billable, billedPeriod, cycleOf } from '../billing/billable.js';
import type { Renewal } from '../billing/renewal-charges.js';

export interface DuePeriod extends Period {
  /** Its number in the cycle. */
  readonly index: number;
}

/**
 * The period that is to be billed next. The first one begins at the moment of the start; each later one begins exactly
 * where the stored one before it ended, and ends at its bound counted from the anchor.
 */
export function duePeriodOf(subscription: Subscription): DuePeriod {
  const { periodIndex, currentPeriodStart, currentPeriodEnd } = subscription;
  if (subscription.status === 'scheduled') {
    return { index: periodIndex, start: currentPeriodStart, end: currentPeriodEnd };
  }
  const index = periodIndex + 1;
  return { index, start: currentPeriodEnd, end: periodBound(cycleOf(subscription), index + 1) };
}

/** What is billed when a subscription moves on to the period that is due: its start, or a renewal. */
export function renewalOf(billable: Billable): Renewal {
  const { subscription } = billable;
  const due = duePeriodOf(subscription);
  const next = billedPeriod(subscription, due.index, { start: due.start, end: due.end });
  if (subscription.status === 'scheduled') return { billable, ended: null, next, oneTime: 'due' };
  const { periodIndex, currentPeriodStart, currentPeriodEnd } = subscription;
  const ended = { start: currentPeriodStart, end: currentPeriodEnd };
  return {
    billable,
    ended: billedPeriod(subscription, periodIndex, ended),
    next,
    oneTime: 'billed_before',
  };
}
