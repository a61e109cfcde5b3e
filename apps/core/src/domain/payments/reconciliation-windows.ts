const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What was paid on a page is in some books under the moment when the page was opened. */
const OVERLAP_MS = 2 * HOUR_MS;
const DAILY_OVERLAP_MS = 47 * HOUR_MS;
/** No more is asked for at once. */
const WINDOW_MS = 6 * HOUR_MS;

const LADDER_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS] as const;

export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The spans of a provider's books to look through now, one after the other: what came since the last time and a little of
 * what came before, and once a day two days of it, for pages that were paid on late. Nothing before `since`.
 */
export function windowsToCompare(
  { reconciledUntil, since }: { reconciledUntil: Date; since: Date },
  now: Date,
): Window[] {
  const isFirstOfDay = Math.floor(now.getTime() / DAY_MS) > Math.floor(reconciledUntil.getTime() / DAY_MS);
  const overlap = isFirstOfDay ? DAILY_OVERLAP_MS : OVERLAP_MS;
  const start = Math.max(since.getTime(), reconciledUntil.getTime() - overlap);
  const windows: Window[] = [];
  for (let from = start; from < now.getTime(); from += WINDOW_MS) {
    windows.push({ from: new Date(from), to: new Date(Math.min(now.getTime(), from + WINDOW_MS)) });
  }
  return windows;
}

/** How long to wait before a provider that could not be asked is asked again: 5 and 15 minutes, an hour, then 6 hours. */
export function nextTryAfterMs(failures: number): number {
  return LADDER_MS[failures] ?? 6 * HOUR_MS;
}
