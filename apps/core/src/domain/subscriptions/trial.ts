import { intersect } from '../proration/proration-factor.js';
import { alignAnchor, type Alignment } from '../calendar/alignment.js';
import {
  addDays,
  localDate,
  periodAt,
  periodIndexContaining,
  startOfLocalDate,
  type Cycle,
  type Period,
} from '../calendar/periods.js';

/**
 * When a trial of so many days ends: at the local midnight on which day `days + 1` begins, the day of the start being
 * the first. Fees count whole local days, so the first day that is billed is billed whole. After a change to a plan
 * with another trial it is asked again with the ORIGINAL start (Lago's rule).
 * @throws RangeError unless `days` is a whole number above zero.
 */
export function trialEnd(trial: { startsAt: Date; days: number; timeZone: string }): Date {
  if (!Number.isSafeInteger(trial.days) || trial.days < 1) {
    throw new RangeError('A trial lasts a whole number of days, at least one.');
  }
  const { startsAt, days, timeZone } = trial;
  return startOfLocalDate(addDays(localDate(startsAt, timeZone), days), timeZone);
}

export interface TrialCycle extends Omit<Cycle, 'anchorDate'> {
  readonly trialEnd: Date;
  readonly alignment: Alignment;
  readonly billingDay?: number;
}

/** The cycle that begins with the end of a trial: the end is the anchor, unless the calendar or a billing day is. */
export function cycleAfterTrial({ trialEnd: end, alignment, billingDay, ...cycle }: TrialCycle): Cycle {
  const rule = { startDate: localDate(end, cycle.timeZone), alignment, ...cycle };
  const anchorDate = alignAnchor(billingDay === undefined ? rule : { ...rule, billingDay });
  return { anchorDate, interval: cycle.interval, count: cycle.count, timeZone: cycle.timeZone };
}

/**
 * The periods of a trial, for usage that is billed in it. Where the anchor comes from the calendar or a billing day they
 * end with the cycle's own; where the trial's end is the anchor the trial is one period. The last ends with the trial.
 */
export function trialPeriods(trial: {
  startsAt: Date;
  trialEnd: Date;
  cycle: Cycle;
  bounds: 'of_cycle' | 'of_trial';
}): Period[] {
  const { startsAt, trialEnd: end, cycle, bounds } = trial;
  if (bounds === 'of_trial') return startsAt < end ? [{ start: startsAt, end }] : [];
  const whole = { start: startsAt, end };
  const periods: Period[] = [];
  for (let n = periodIndexContaining(cycle, startsAt); ; n++) {
    const full = periodAt(cycle, n);
    if (full.start >= end) return periods;
    const part = intersect(full, whole);
    if (part) periods.push(part);
  }
}

/** The part of a period for which a fee is due: what comes after the trial. Null when the trial covers all of it. */
export function feePeriod(period: Period, trialEndsAt: Date | null): Period | null {
  if (trialEndsAt === null || trialEndsAt <= period.start) return period;
  return trialEndsAt < period.end ? { start: trialEndsAt, end: period.end } : null;
}
