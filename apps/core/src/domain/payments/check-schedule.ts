const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Kill Bill's ladder for payments of unknown outcome: soon at first, then day by day. */
const LADDER_MS = [MINUTE_MS, 5 * MINUTE_MS, HOUR_MS] as const;

/** One minute, five minutes, an hour and five days: asked so often, a reference that is not known was never charged. */
export const CHECKS_BEFORE_GIVING_UP = LADDER_MS.length + 5;

/** A minute, five minutes, an hour and a day: who has not paid on a page by then is asked for the money another way. */
export const CHECKS_OF_ACTIONS = LADDER_MS.length + 1;

/** How long to wait before asking a provider again after so many checks: 1 minute, 5 minutes, 1 hour, then a day. */
export function nextCheckAfterMs(checks: number): number {
  return LADDER_MS[checks] ?? DAY_MS;
}
