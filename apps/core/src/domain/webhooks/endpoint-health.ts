const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** An endpoint that has failed for so long, with no success in between, is disabled. */
export const FAILING_MAX_MS = 5 * DAY_MS;
/** After so many failures in a row an endpoint is left alone for a while, whatever is due. */
const FAILURES_BEFORE_PAUSE = 5;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;
/** Answers that ask for less: too many requests, and a gateway that does not reach its server. */
const SLOW_CODES: readonly number[] = [429, 502, 504];
const GONE = 410;

/** What a request to an endpoint came to. `statusCode` is null when there was no answer. */
export interface Attempted {
  readonly statusCode: number | null;
  readonly retryAfter: Date | null;
}

/** How an endpoint has been doing. */
export interface Health {
  readonly failures: number;
  readonly failingSince: Date | null;
}

/** The same after more attempts, and what follows from it. */
export interface Judged extends Health {
  readonly pausedUntil: Date | null;
  /** Why nothing is to be sent any more. */
  readonly disable: 'gone' | 'failing' | null;
}

/** Whether an attempt has reached the endpoint: any status of 200 to 299. */
export function hasSucceeded({ statusCode }: Attempted): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}

/** Judges an endpoint by attempts that ended together. */
export function judgeEndpoint(before: Health, attempts: readonly Attempted[], now: Date): Judged {
  const failed = attempts.filter((attempt) => !hasSucceeded(attempt));
  const isAlive = failed.length < attempts.length;
  const failures = isAlive ? 0 : before.failures + failed.length;
  const failingSince = isAlive ? null : (before.failingSince ?? now);
  const isGone = failed.some(({ statusCode }) => statusCode === GONE);
  const isHopeless = failingSince !== null && now.getTime() - failingSince.getTime() >= FAILING_MAX_MS;
  return {
    failures,
    failingSince,
    pausedUntil: pauseOf(failed, failures, now),
    disable: isGone ? 'gone' : isHopeless ? 'failing' : null,
  };
}

function pauseOf(failed: readonly Attempted[], failures: number, now: Date): Date | null {
  const asksForLess = failed.some(({ statusCode }) => statusCode !== null && SLOW_CODES.includes(statusCode));
  const asked = failed.flatMap(({ retryAfter }) => (retryAfter ? [retryAfter.getTime()] : []));
  const rounds = asksForLess ? Math.max(1, failures) : failures - FAILURES_BEFORE_PAUSE + 1;
  const pause = rounds > 0 ? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (rounds - 1)) : 0;
  const until = Math.max(pause > 0 ? now.getTime() + pause : 0, ...asked);
  return until > 0 ? new Date(until) : null;
}
