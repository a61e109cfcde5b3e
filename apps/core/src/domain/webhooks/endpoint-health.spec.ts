import { describe, expect, it } from 'vitest';

import { type Attempted, hasSucceeded, judgeEndpoint } from './endpoint-health.js';

const now = new Date('2026-11-21T12:00:00Z');
const DAY = 86_400_000;
const well = { failures: 0, failingSince: null };
const answered = (statusCode: number | null, retryAfter: Date | null = null): Attempted => ({
  statusCode,
  retryAfter,
});
const pauseOf = (...judging: Parameters<typeof judgeEndpoint>) => {
  const { pausedUntil } = judgeEndpoint(...judging);
  return pausedUntil && (pausedUntil.getTime() - now.getTime()) / 1_000;
};

describe('hasSucceeded', () => {
  it('takes 200 to 299 alone for a yes', () => {
    expect([200, 204, 299].map((code) => hasSucceeded(answered(code)))).toEqual([true, true, true]);
    expect([null, 199, 300, 301, 410, 500].some((code) => hasSucceeded(answered(code)))).toBe(false);
  });
});

describe('judgeEndpoint', () => {
  it('counts failures in a row, from the first of them', () => {
    const once = judgeEndpoint(well, [answered(500), answered(null)], now);
    expect(once).toEqual({ failures: 2, failingSince: now, pausedUntil: null, disable: null });
    const later = new Date(now.getTime() + DAY);
    expect(judgeEndpoint(once, [answered(500)], later)).toMatchObject({ failures: 3, failingSince: now });
    expect(judgeEndpoint(once, [answered(500), answered(200)], later)).toMatchObject(well);
  });

  it('disables what is gone at once, and what has failed for five days', () => {
    expect(judgeEndpoint(well, [answered(410)], now).disable).toBe('gone');
    const since = (ms: number) => ({ failures: 40, failingSince: new Date(now.getTime() - ms) });
    expect(judgeEndpoint(since(5 * DAY), [answered(null)], now).disable).toBe('failing');
    expect(judgeEndpoint(since(5 * DAY - 1), [answered(null)], now).disable).toBeNull();
    expect(judgeEndpoint(since(6 * DAY), [answered(200)], now).disable).toBeNull();
  });

  it('leaves an endpoint alone after five failures in a row, for longer each time', () => {
    const after = (failures: number) => pauseOf({ failures, failingSince: now }, [answered(500)], now);
    expect([0, 3, 4, 5, 6, 7, 30].map(after)).toEqual([null, null, 15, 30, 60, 120, 300]);
  });

  it('slows down what asks for less, for as long as it says', () => {
    for (const code of [429, 502, 504]) expect(pauseOf(well, [answered(code)], now), `${code}`).toBe(15);
    expect(pauseOf(well, [answered(500), answered(429)], now)).toBe(30);
    expect(pauseOf({ failures: 2, failingSince: now }, [answered(429)], now)).toBe(60);
    const inTenMinutes = new Date(now.getTime() + 600_000);
    expect(pauseOf(well, [answered(503, inTenMinutes)], now)).toBe(600);
    expect(pauseOf(well, [answered(200), answered(429, inTenMinutes)], now)).toBe(600);
  });
});
