import { describe, expect, it } from 'vitest';

import { RefusalPause } from './refusal-pause.js';

/** Long enough that nothing ends by chance while a test looks. */
const PAUSE_MS = 300;

/** How many of these refusals are told before the first pause ends. */
async function toldAtOnce(pause: RefusalPause, keys: readonly string[]): Promise<number> {
  let told = 0;
  for (const key of keys) void pause.before(key).then(() => told++);
  await new Promise((resolve) => setImmediate(resolve));
  return told;
}

describe('the pause before a refusal', () => {
  it('is none for the first few', async () => {
    const keys = Array.from({ length: 10 }, () => 'a');
    expect(await toldAtOnce(new RefusalPause(PAUSE_MS), keys)).toBe(10);
  });

  it('is for whoever goes on, and not for others', async () => {
    const keys = Array.from({ length: 50 }, () => 'a');
    const pause = new RefusalPause(PAUSE_MS);
    expect(await toldAtOnce(pause, keys)).toBe(10);
    expect(await toldAtOnce(pause, ['b'])).toBe(1);
  });

  it('ends', async () => {
    const pause = new RefusalPause(1);
    await Promise.all(Array.from({ length: 20 }, () => pause.before('a')));
    expect(await toldAtOnce(pause, ['b'])).toBe(1);
  });

  it('is none when too many wait already', async () => {
    const pause = new RefusalPause(PAUSE_MS);
    const keys = Array.from({ length: 2_100 }, () => 'a');
    expect(await toldAtOnce(pause, keys)).toBe(100);
  });
});
