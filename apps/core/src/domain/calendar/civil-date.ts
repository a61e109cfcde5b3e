/** A date of the calendar without time or zone, as the number of days since 1970-01-01. */
export type DayNumber = number;

/** Year, month (1–12) and day of the month (1–31) of the proleptic Gregorian calendar. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const DAY_MS = 86_400_000;
const MONTHS_PER_YEAR = 12;

/**
 * Reads a calendar date.
 * @throws RangeError when the text is not an existing date written YYYY-MM-DD.
 */
export function parseDate(text: string): CivilDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a calendar date (YYYY-MM-DD).`);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > MONTHS_PER_YEAR || day < 1 || day > lengthOfMonth(year, month)) {
    throw new RangeError(`"${text}" is a date that does not exist.`);
  }
  return { year, month, day };
}

/**
 * Writes a date as YYYY-MM-DD.
 * @throws RangeError outside the years 0 to 9999, which that form cannot hold.
 */
export function formatDate({ year, month, day }: CivilDate): string {
  if (year < 0 || year > 9999) throw new RangeError(`The year ${year} is beyond the calendar.`);
  return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

/** How many days a month (1–12) has. */
export function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The number of a date's day. By Howard Hinnant's "days from civil": eras of 400 years, years that begin in March. */
export function toDayNumber({ year, month, day }: CivilDate): DayNumber {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day's number: the inverse of `toDayNumber`. */
export function fromDayNumber(dayNumber: DayNumber): CivilDate {
  const shifted = dayNumber + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** Months since the year 0: a date's place on a line on which months can be counted. */
export function monthNumber({ year, month }: CivilDate): number {
  return year * MONTHS_PER_YEAR + month - 1;
}

/** A day of the month that stands at a place on the line of months, clamped to the month's length. */
export function dateInMonth(months: number, day: number): CivilDate {
  const year = Math.floor(months / MONTHS_PER_YEAR);
  const month = months - year * MONTHS_PER_YEAR + 1;
  return { year, month, day: Math.min(day, lengthOfMonth(year, month)) };
}
