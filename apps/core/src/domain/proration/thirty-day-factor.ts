import { localDate, localDaysBetween, type Period } from '../calendar/periods.js';
import { monthNumber, parseDate } from '../calendar/civil-date.js';
import { type Fraction, fraction } from './fraction.js';
import { intersect } from './proration-factor.js';

const DAYS_PER_MONTH = 30;

/**
 * The share of a period by the rule that every month has 30 days (Kill Bill's fixed days of proration): local days of
 * the part over 30 a month, never more than 1. The parts of a month of 31 days come to more than 1 together, which is
 * the price of the rule. A period of less than a month has the days that it has.
 */
export function thirtyDayFactor({
  part,
  full,
  timeZone,
}: {
  part: Period;
  full: Period;
  timeZone: string;
}): Fraction {
  const [first, last] = [full.start, full.end].map((bound) => parseDate(localDate(bound, timeZone)));
  const months = first && last ? monthNumber(last) - monthNumber(first) : 0;
  const whole = months > 0 ? months * DAYS_PER_MONTH : localDaysBetween(full.start, full.end, timeZone);
  const common = intersect(part, full);
  if (!common || whole <= 0) return fraction(0n, BigInt(Math.max(whole, 1)));
  const covered = common.start <= full.start && common.end >= full.end;
  const days = covered ? whole : localDaysBetween(common.start, common.end, timeZone);
  return fraction(BigInt(Math.min(days, whole)), BigInt(whole));
}
