import { localDaysBetween, type Period } from '../calendar/periods.js';
import { type Fraction, fraction } from './fraction.js';
import { intersect } from './proration-factor.js';

const DAYS_PER_MONTH = 30;

/**
 * The share of a period of so many months by the rule that every month has 30 days (Kill Bill's fixed days of
 * proration): local days of the part over 30 a month. Never more than 1, and 1 for the whole period however long it
 * was. The parts of a month of 31 days come to more than 1 together, which is the price of the rule.
 * @throws RangeError unless `months` is a whole number above zero.
 */
export function thirtyDayFactor(question: {
  part: Period;
  full: Period;
  /** How many calendar months `full` has: 3 for a quarter. The rule has no meaning for days and weeks. */
  months: number;
  timeZone: string;
}): Fraction {
  const { part, full, months, timeZone } = question;
  const whole = BigInt(months) * BigInt(DAYS_PER_MONTH);
  const common = intersect(part, full);
  if (!common) return fraction(0n, whole);
  if (common.start <= full.start && common.end >= full.end) return fraction(whole, whole);
  const days = BigInt(localDaysBetween(common.start, common.end, timeZone));
  return fraction(days < whole ? days : whole, whole);
}
