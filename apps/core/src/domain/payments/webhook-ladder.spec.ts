import { describe, expect, it } from 'vitest';

import { nextTryAfterMs, TRIES_OF_A_RACE } from './webhook-ladder.js';

const after = (attempts: number) => nextTryAfterMs(attempts);

describe('looking at a webhook again', () => {
  it('waits for seconds, minutes, an hour and days, and then for a person', () => {
    const waits = Array.from({ length: 11 }, (_, index) => after(index + 1));
    const [day, minute] = [86_400_000, 60_000];
    expect(waits).toEqual([
      30_000,
      minute,
      2 * minute,
      5 * minute,
      60 * minute,
      day,
      day,
      day,
      day,
      day,
      null,
    ]);
  });

  it('has waited for longer than any answer takes when a race is over', () => {
    const waited = Array.from({ length: TRIES_OF_A_RACE }, (_, index) => after(index + 1) ?? 0);
    expect(waited.reduce((sum, wait) => sum + wait, 0)).toBe(510_000);
  });
});
