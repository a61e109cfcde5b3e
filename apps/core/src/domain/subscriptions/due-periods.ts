import { firstPeriod, type BillingPeriod } from '../calendar/alignment.js';
import { periodAt, type Cycle } from '../calendar/periods.js';
import { intersect } from '../proration/proration-factor.js';
import type { BillingTiming } from './changed-items.js';

export interface DueQuestion {
  readonly cycle: Cycle;
  readonly startsAt: Date;
  /** When the subscription ends, if that is known; its last period is cut there. */
  readonly endsAt: Date | null;
  /** The moment up to which is billed: now. */
  readonly until: Date;
  readonly timing: BillingTiming;
}

/**
 * The periods that have fallen due since the start: for a start that is back-dated, all that are to be billed at once.
 * In advance a period is due from its start on, in arrears from its end on. A period of no length is left out.
 */
export function duePeriods({ cycle, startsAt, endsAt, until, timing }: DueQuestion): BillingPeriod[] {
  const due: BillingPeriod[] = [];
  const first = firstPeriod(cycle, startsAt);
  for (let index = first.index; ; index++) {
    const full = index === first.index ? first.full : periodAt(cycle, index);
    if (full.start > until || (endsAt !== null && full.start >= endsAt)) return due;
    const period = intersect(full, { start: startsAt, end: endsAt ?? full.end });
    const dueAt = timing === 'in_advance' ? period?.start : period?.end;
    if (period && dueAt && dueAt <= until) due.push({ index, period, full });
  }
}
