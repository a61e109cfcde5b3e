const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait before each attempt after the one before it failed: the example schedule of Standard Webhooks. */
export const RETRY_DELAYS_MS: readonly number[] = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Retries are spread, so that what failed together does not come back together. */
const JITTER_MAX = 0.2;
/** An answer may put off the next attempt by no more than the longest wait of the schedule. */
const RETRY_AFTER_MAX_MS = 24 * HOUR_MS;

/**
 * When the next attempt is due.
 * @param made attempts of the schedule that were made
 * @param chance in [0, 1), from which the jitter is made
 * @param notBefore what the answer's Retry-After says
 * @returns null when the schedule is over
 */
export function nextAttempt(
  made: number,
  { now, chance, notBefore }: { now: Date; chance: number; notBefore: Date | null },
): Date | null {
  const delay = RETRY_DELAYS_MS[made];
  if (delay === undefined) return null;
  const at = now.getTime() + delay * (1 + JITTER_MAX * chance);
  return new Date(Math.ceil(Math.max(at, notBefore?.getTime() ?? 0)));
}

/**
 * The moment that a Retry-After header names, in seconds or as an HTTP date; null when it names none that is to come.
 * @param now on the clock that the moment is to be on
 * @param realNow on the clock of the one who wrote the header
 */
export function retryAfterMoment(
  header: string | undefined,
  { now, realNow }: { now: Date; realNow: Date },
): Date | null {
  if (header === undefined) return null;
  const text = header.trim();
  const delay = /^\d{1,9}$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - realNow.getTime();
  if (!Number.isFinite(delay) || delay <= 0) return null;
  return new Date(now.getTime() + Math.min(delay, RETRY_AFTER_MAX_MS));
}
