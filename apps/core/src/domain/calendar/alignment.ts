import {
  dateInMonth,
  formatDate,
  fromDayNumber,
  monthNumber,
  parseDate,
  toDayNumber,
  type CivilDate,
} from './civil-date.js';
import { periodAt, periodIndexContaining, type Cycle, type Interval, type Period } from './periods.js';

/** `anniversary` counts from the start; `calendar` from the beginning of the week, month, quarter, half-year or year. */
export type Alignment = 'anniversary' | 'calendar';

export interface AlignmentRule {
  /** Local calendar date (YYYY-MM-DD) on which billing begins: the start, or the end of the trial. */
  readonly startDate: string;
  readonly interval: Interval;
  readonly count: number;
  readonly alignment: Alignment;
  /** Day of the month on which periods start, 1–31, clamped to the month. Days and weeks have none and ignore it. */
  readonly billingDay?: number;
}

/** A period to bill, and the full period of the cycle that it is part of: the two differ for a stub. */
export interface BillingPeriod {
  /** The number of `full` in its cycle. */
  readonly index: number;
  readonly period: Period;
  readonly full: Period;
}

const MONTHS: Partial<Record<Interval, number>> = { month: 1, quarter: 3, half_year: 6, year: 12 };
/** Enough steps back to meet a long month, or a leap year over the turn of a century. */
const STEPS_BACK = 12;

/**
 * The anchor (YYYY-MM-DD) of a cycle, at or before the start. Where it lies before, the first period is a stub.
 * The first period ends on the first billing day after the start (Kill Bill's and Meteroid's rule). Where the day does
 * not exist in the month of the anchor, the anchor goes back to a month that has it, so that 31 comes back after
 * February.
 * @throws RangeError for a date that does not exist or a billing day outside 1–31.
 */
export function alignAnchor(rule: AlignmentRule): string {
  const start = parseDate(rule.startDate);
  const unit = MONTHS[rule.interval];
  if (unit === undefined) return formatDate(rule.alignment === 'calendar' ? unitStart(rule, start) : start);
  const day = rule.billingDay ?? (rule.alignment === 'calendar' ? 1 : start.day);
  if (!Number.isInteger(day) || day < 1 || day > 31) throw new RangeError('A billing day is from 1 to 31.');
  const step = unit * rule.count;
  const startMonth = monthNumber(start);
  let month = rule.alignment === 'calendar' ? startMonth - (startMonth % unit) : startMonth;
  if (toDayNumber(dateInMonth(month, day)) > toDayNumber(start)) month -= step;
  return formatDate(longestDay(month, step, day));
}

/** The first period of a cycle for one that starts at an instant: `[startsAt, bound)`, with the full period around it. */
export function firstPeriod(cycle: Cycle, startsAt: Date): BillingPeriod {
  const index = periodIndexContaining(cycle, startsAt);
  const full = periodAt(cycle, index);
  return { index, full, period: { start: startsAt, end: full.end } };
}

/** The Monday of a date's week; a day is its own unit. */
function unitStart({ interval }: AlignmentRule, date: CivilDate): CivilDate {
  if (interval !== 'week') return date;
  const dayNumber = toDayNumber(date);
  // 1970-01-01, day 0, was a Thursday.
  return fromDayNumber(dayNumber - ((((dayNumber + 3) % 7) + 7) % 7));
}

/** The latest of the anchors `month`, `month − step`, … in which the day is clamped least. */
function longestDay(month: number, step: number, day: number): CivilDate {
  let best = dateInMonth(month, day);
  for (let back = 1; back <= STEPS_BACK && best.day < day; back++) {
    const candidate = dateInMonth(month - back * step, day);
    if (candidate.day > best.day) best = candidate;
  }
  return best;
}
