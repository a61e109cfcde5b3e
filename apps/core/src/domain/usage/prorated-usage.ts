import { addDays, localDate, localDaysBetween, type Period } from '../calendar/periods.js';
import { Decimal } from '../money/decimal.js';
import { intersect } from '../proration/proration-factor.js';
import { byTime } from './aggregate-events.js';
import { OPERATION_PROPERTY, REMOVE_OPERATION, type UsageEvent } from './meter-terms.js';
import { propertyText, readQuantity } from './property-value.js';

export interface ProratedQuestion {
  /** Events of one customer; those before the part are what it began with. */
  readonly events: readonly UsageEvent[];
  readonly property: string;
  /** The part of the period that is billed. */
  readonly part: Period;
  /** The period that the price is for. */
  readonly full: Period;
  readonly timeZone: string;
}

const FRACTION_DECIMALS = 5;
const ZERO = new Decimal(0);

/**
 * The sum of the property where each unit counts for the days from its own day to the end of the part, out of the days of
 * the period. The total is rounded up at the fifth decimal, as Lago does.
 */
export function proratedSum({ events, property, part, full, timeZone }: ProratedQuestion): Decimal {
  const weighted = events
    .filter(({ occurredAt }) => occurredAt < part.end)
    .reduce((sum, { properties, occurredAt }) => {
      const since = occurredAt > part.start ? occurredAt : part.start;
      const days = localDaysBetween(since, part.end, timeZone);
      return sum.plus((readQuantity(properties[property]) ?? ZERO).times(days));
    }, ZERO);
  return shareOf(weighted, full, timeZone);
}

/**
 * The number of values where each counts for the days of the part on which it was there for any length of time, out of the
 * days of the period. One that comes, goes and comes again on a day has been there that day once.
 */
export function proratedUniqueCount(question: ProratedQuestion): Decimal {
  const { part, full, timeZone } = question;
  let days = 0;
  for (const stays of staysOf(question).values()) {
    const dates = new Set<string>();
    for (const stay of stays) {
      const common = intersect(stay, part);
      if (common) for (const date of datesOf(common, timeZone)) dates.add(date);
    }
    days += dates.size;
  }
  return shareOf(new Decimal(days), full, timeZone);
}

/** When each value was there, in the part or not. The stay of one that was not taken away again ends with the part. */
function staysOf({ events, property, part }: ProratedQuestion): Map<string, Period[]> {
  const stays = new Map<string, Period[]>();
  const open = new Map<string, Date>();
  for (const { properties, occurredAt } of events.toSorted(byTime)) {
    const value = properties[property];
    if (value === undefined) continue;
    const text = propertyText(value);
    const since = open.get(text);
    if (properties[OPERATION_PROPERTY] !== REMOVE_OPERATION) {
      if (!since) open.set(text, occurredAt);
      continue;
    }
    if (!since) continue;
    open.delete(text);
    stays.set(text, [...(stays.get(text) ?? []), { start: since, end: occurredAt }]);
  }
  for (const [text, start] of open) stays.set(text, [...(stays.get(text) ?? []), { start, end: part.end }]);
  return stays;
}

function datesOf({ start, end }: Period, timeZone: string): string[] {
  const dates = [localDate(start, timeZone)];
  const last = localDate(new Date(end.getTime() - 1), timeZone);
  for (let date = dates[0]; date !== undefined && date < last;) {
    date = addDays(date, 1);
    dates.push(date);
  }
  return dates;
}

function shareOf(weighted: Decimal, full: Period, timeZone: string): Decimal {
  const days = localDaysBetween(full.start, full.end, timeZone);
  if (days <= 0) return ZERO;
  return weighted.dividedBy(days).toDecimalPlaces(FRACTION_DECIMALS, Decimal.ROUND_CEIL);
}
