import { Temporal } from 'temporal-polyfill';

import { DAY_MS, fromDayNumber } from './civil-date.js';

/** A change of a zone's clocks: from the instant on, local time is UTC plus `after`. All in milliseconds. */
interface Transition {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** The clocks of a zone in one year, with some days on either side. */
interface YearOfZone {
  /** What local time is ahead of UTC before the first transition. */
  readonly opening: number;
  readonly transitions: readonly Transition[];
}

const NANOSECONDS_PER_MS = 1_000_000;
/** More than any zone is ahead of or behind UTC, so that a local time and its instant are in the same extended year. */
const MARGIN_DAYS = 3;
/** Some hundred zones over decades; beyond that somebody asks for nonsense, and memory stays bounded. */
const YEARS_KEPT_MAX = 20_000;

// Temporal asks Intl, which takes tens of microseconds for every instant: too slow for thousands of subscriptions a
// second. The rules of a zone's year are asked for once; what follows from them is arithmetic.
const years = new Map<string, YearOfZone>();

/** How far local time is ahead of UTC at an instant, both in milliseconds. @throws RangeError for an unknown zone. */
export function offsetAt(epochMs: number, timeZone: string): number {
  const { opening, transitions } = yearOfZone(epochMs, timeZone);
  let offset = opening;
  for (const transition of transitions) {
    if (transition.at > epochMs) break;
    offset = transition.after;
  }
  return offset;
}

/**
 * The instant of a local time, given as the milliseconds that it would be if it were UTC. A time that comes twice is
 * the earlier one. A time that the clocks skip is the moment of the skip (`first_instant`), or as much later as the
 * clocks went forward (`shifted`, which is what people mean by the same time of day).
 * @throws RangeError for an unknown zone.
 */
export function instantOfLocal(
  localMs: number,
  timeZone: string,
  skipped: 'first_instant' | 'shifted',
): number {
  const { opening, transitions } = yearOfZone(localMs, timeZone);
  let offset = opening;
  for (const { at, before, after } of transitions) {
    if (localMs - before < at) return localMs - before;
    if (localMs - after < at) return skipped === 'first_instant' ? at : localMs - before;
    offset = after;
  }
  return localMs - offset;
}

function yearOfZone(ms: number, timeZone: string): YearOfZone {
  if (!Number.isFinite(ms)) throw new RangeError('An instant must be a valid date.');
  const { year } = fromDayNumber(Math.floor(ms / DAY_MS));
  const key = `${timeZone} ${year}`;
  const known = years.get(key);
  if (known) return known;
  const read = readYear(year, timeZone);
  if (years.size >= YEARS_KEPT_MAX) years.clear();
  years.set(key, read);
  return read;
}

function readYear(year: number, timeZone: string): YearOfZone {
  const firstDay = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const from = firstDay.subtract({ days: MARGIN_DAYS }).toZonedDateTime({ timeZone });
  const until = firstDay.add({ years: 1, days: MARGIN_DAYS }).toZonedDateTime({ timeZone }).epochMilliseconds;
  const opening = offsetOf(from);
  const transitions: Transition[] = [];
  let before = opening;
  let next = from.getTimeZoneTransition('next');
  while (next && next.epochMilliseconds < until) {
    const after = offsetOf(next);
    transitions.push({ at: next.epochMilliseconds, before, after });
    before = after;
    next = next.getTimeZoneTransition('next');
  }
  return { opening, transitions };
}

function offsetOf(moment: Temporal.ZonedDateTime): number {
  return moment.offsetNanoseconds / NANOSECONDS_PER_MS;
}
