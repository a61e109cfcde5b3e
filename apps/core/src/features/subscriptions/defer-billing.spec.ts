import { describe, expect, it } from 'vitest';

import { delayAfter } from './defer-billing.js';

describe('delayAfter', () => {
  it('doubles from a minute up to a day', () => {
    const minutes = [0, 1, 2, 3, 10, 11, 500].map((failures) => delayAfter(failures) / 60_000);
    expect(minutes).toEqual([1, 2, 4, 8, 1_024, 1_440, 1_440]);
  });
});
