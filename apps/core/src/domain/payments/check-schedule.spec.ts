import { describe, expect, it } from 'vitest';

import { CHECKS_BEFORE_GIVING_UP, nextCheckAfterMs } from './check-schedule.js';

describe('asking a provider again', () => {
  it('happens after a minute, five minutes, an hour and then every day', () => {
    const minutes = [0, 1, 2, 3, 4, 50].map((checks) => nextCheckAfterMs(checks) / 60_000);
    expect(minutes).toEqual([1, 5, 60, 1_440, 1_440, 1_440]);
  });

  it('is given up after five days of asking', () => {
    const asked = Array.from({ length: CHECKS_BEFORE_GIVING_UP }, (_, checks) => nextCheckAfterMs(checks));
    const minutes = asked.reduce((sum, ms) => sum + ms / 60_000, 0);
    expect(minutes).toBe(1 + 5 + 60 + 5 * 1_440);
  });
});
