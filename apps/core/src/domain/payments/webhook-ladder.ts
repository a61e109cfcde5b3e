const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Soon at first, since what is missing is mostly an answer under way; then day by day for five days. */
const LADDER_MS: readonly number[] = [
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  HOUR_MS,
  ...Array.from({ length: 5 }, () => DAY_MS),
];

/** As often as something is looked for that can only be missing while an answer is under way: eight and a half minutes. */
export const TRIES_OF_A_RACE = 4;

/**
 * How long to wait, in milliseconds, before a webhook is looked at again that nothing could be done about so often; null
 * when it is not looked at any more by itself.
 */
export function nextTryAfterMs(attempts: number): number | null {
  return LADDER_MS[attempts - 1] ?? null;
}
