const LENGTHS: readonly number[] = ['2026-01-31T09:00:00Z'.length, '2026-01-31T09:00:00.000Z'.length];
const [ZERO, NINE, HYPHEN, COLON, POINT, T, Z] = [0x30, 0x39, 0x2d, 0x3a, 0x2e, 0x54, 0x5a];
/** Every month has these. */
const SAFE_DAYS = 28;

/**
 * Milliseconds since 1970 of a moment as nearly all programs write it, `YYYY-MM-DDTHH:MM:SS[.mmm]Z` from 1900 to 2999; null of any
 * other, also of the last days of a month, which have to be read with more care. In a third of the time that takes.
 */
export function readPlainMoment(text: string): number | null {
  const end = text.length - 1;
  if (!LENGTHS.includes(text.length) || text.charCodeAt(end) !== Z) return null;
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN || text.charCodeAt(10) !== T)
    return null;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return null;
  if (end > 19 && text.charCodeAt(19) !== POINT) return null;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const milliseconds = end > 19 ? digits(text, 20, 23) : 0;
  // Comparisons with NaN are false.
  const isDay = year >= 1900 && year <= 2999 && month >= 1 && month <= 12 && day >= 1 && day <= SAFE_DAYS;
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && milliseconds <= 999;
  return isDay && isTime ? Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) : null;
}

/** The number that these characters write; NaN when one is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}
