import { describe, expect, it } from 'vitest';

import { nextAttempt, RETRY_DELAYS_MS, retryAfterMoment } from './retry-schedule.js';

const now = new Date('2026-11-21T12:00:00Z');
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const after = (made: number, chance = 0, notBefore: Date | null = null) => {
  const next = nextAttempt(made, { now, chance, notBefore });
  return next && next.getTime() - now.getTime();
};

describe('nextAttempt', () => {
  it('waits as Standard Webhooks proposes, for three days in all', () => {
    const waits = RETRY_DELAYS_MS.map((_, made) => after(made));
    const [minute, hour] = [60 * SECOND, HOUR];
    expect(waits).toEqual([
      0,
      5 * SECOND,
      5 * minute,
      30 * minute,
      ...[2, 5, 10, 14, 20, 24].map((hours) => hours * hour),
    ]);
    expect(after(10)).toBeNull();
  });

  it('adds a fifth at most, and takes nothing off', () => {
    for (let made = 1; made < 10; made++) {
      const delay = RETRY_DELAYS_MS[made] ?? 0;
      expect(after(made, 0)).toBe(delay);
      expect(after(made, 0.999_999)).toBeLessThanOrEqual(delay * 1.2);
      expect(after(made, 0.5)).toBeCloseTo(delay * 1.1);
    }
  });

  it('comes no sooner than the answer asks for', () => {
    const inAMinute = new Date(now.getTime() + 60 * SECOND);
    expect(after(1, 0, inAMinute)).toBe(60 * SECOND);
    expect(after(2, 0, inAMinute)).toBe(300 * SECOND);
    expect(after(10, 0, inAMinute)).toBeNull();
  });
});

describe('retryAfterMoment', () => {
  const realNow = new Date('2030-01-01T00:00:00Z');
  const read = (header: string | undefined) =>
    retryAfterMoment(header, { now, realNow })?.toISOString() ?? null;

  it('reads seconds and dates, and puts them on the tenant’s clock', () => {
    expect(read('120')).toBe('2026-11-21T12:02:00.000Z');
    expect(read(' 120 ')).toBe('2026-11-21T12:02:00.000Z');
    expect(read('Tue, 01 Jan 2030 00:01:00 GMT')).toBe('2026-11-21T12:01:00.000Z');
  });

  it('takes a day at most, and nothing that makes no sense', () => {
    expect(read('99999999')).toBe('2026-11-22T12:00:00.000Z');
    for (const header of [
      undefined,
      '',
      '-5',
      '0',
      'soon',
      'in 120',
      '120 s',
      'Mon, 31 Dec 2029 00:00:00 GMT',
    ]) {
      expect(read(header), String(header)).toBeNull();
    }
  });
});
