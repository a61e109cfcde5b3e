import { periodAt, periodIndexContaining, type Interval, type Period } from '../calendar/periods.js';

/** When a quota starts anew. */
export const QUOTA_RESETS = ['billing_period', 'day', 'week', 'month', 'year', 'never'] as const;
export type QuotaReset = (typeof QUOTA_RESETS)[number];

/** The time in which what is used counts together; half-open, and without an end where it does not start anew. */
export interface QuotaWindow {
  readonly start: Date;
  /** Null when it never ends, or when nobody knows yet: the subscription's period is over and not renewed yet. */
  readonly end: Date | null;
}

/** Where windows are counted from: a Monday, for weeks. */
const ANCHOR = '2001-01-01';
const BEGINNING = new Date(0);

/**
 * The window that a moment lies in. Days, weeks (from Monday), months and years are the calendar's in `timeZone`. By
 * billing period it is the present one of the subscription; without a subscription, the calendar's month.
 */
export function quotaWindow(
  reset: QuotaReset,
  { now, period, timeZone }: { now: Date; period: Period | null; timeZone: string },
): QuotaWindow {
  switch (reset) {
    case 'never':
      return { start: BEGINNING, end: null };
    case 'billing_period':
      return period ? billingWindow(period, now) : calendarWindow('month', now, timeZone);
    default:
      return calendarWindow(reset, now, timeZone);
  }
}

/** A period that is over is followed by the next at once, also while its renewal is still to be billed. */
function billingWindow({ start, end }: Period, now: Date): QuotaWindow {
  return now < end ? { start, end } : { start: end, end: null };
}

function calendarWindow(interval: Interval, now: Date, timeZone: string): QuotaWindow {
  const cycle = { anchorDate: ANCHOR, interval, count: 1, timeZone };
  return periodAt(cycle, periodIndexContaining(cycle, now));
}
