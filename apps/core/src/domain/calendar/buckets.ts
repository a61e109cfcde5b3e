import { type Interval, type Period, periodAt, periodIndexContaining } from './periods.js';

/** A Monday, and the first of a month and of a year: where calendar days, weeks and months are counted from. */
const ANCHOR = '2001-01-01';

/** Which part of the calendar an instant lies in. */
export type BucketAt = (instant: Date) => Period;

/** The days, weeks (from Monday), months … of a time zone. */
export function calendarBucket(interval: Interval, timeZone: string): BucketAt {
  const cycle = { anchorDate: ANCHOR, interval, count: 1, timeZone };
  return (instant) => periodAt(cycle, periodIndexContaining(cycle, instant));
}

/**
 * The parts of the calendar that a time touches, whole and in order, without gap or overlap; null when there would be
 * more than `most`.
 */
export function bucketsOver({ start, end }: Period, bucketAt: BucketAt, most: number): Period[] | null {
  const buckets: Period[] = [];
  for (let at = start; at < end;) {
    const bucket = bucketAt(at);
    buckets.push(bucket);
    if (buckets.length > most) return null;
    at = bucket.end;
  }
  return buckets;
}
