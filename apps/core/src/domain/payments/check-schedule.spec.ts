import { describe, expect, it } from 'vitest';

import { nextCheckAfterMs } from './check-schedule.js';

describe('asking a provider again', () => {
  it('happens after a minute, five minutes, an hour and then every day', () => {
    const minutes = [0, 1, 2, 3, 4, 50].map((checks) => nextCheckAfterMs(checks) / 60_000);
    expect(minutes).toEqual([1, 5, 60, 1_440, 1_440, 1_440]);
  });
});
