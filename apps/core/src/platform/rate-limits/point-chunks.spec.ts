import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { chunkOf, grantedOf, PointChunks } from './point-chunks.js';

const WINDOW_SECONDS = 60;

/** A store of one key that several processes share, on a clock of the test's. */
function world(quota: number) {
  const state = { now: 0, taken: 0, began: 0, queries: 0 };
  const limit = { quota, windowSeconds: WINDOW_SECONDS };
  const takePoints = async (_key: string, points: number) => {
    state.queries++;
    if (state.now - state.began >= WINDOW_SECONDS * 1_000)
      Object.assign(state, { began: state.now, taken: 0 });
    state.taken += points;
    return { taken: state.taken, msBeforeReset: state.began + WINDOW_SECONDS * 1_000 - state.now };
  };
  const process = () => new PointChunks(limit, takePoints, () => state.now);
  return { state, process };
}

async function admitted(of: PointChunks, times: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i++) if ((await of.take('key')).admitted) count++;
  return count;
}

describe('points taken in chunks', () => {
  it('are a hundredth of the quota, and at least one', () => {
    expect([1, 99, 100, 250, 1_200].map(chunkOf)).toEqual([1, 1, 1, 2, 12]);
  });

  it('are granted as far as there are any', () => {
    expect(grantedOf(100, 10, 10)).toBe(10);
    expect(grantedOf(100, 10, 104)).toBe(6);
    expect(grantedOf(100, 10, 150)).toBe(0);
  });

  it('admit the quota exactly, and cost a hundred queries whatever the quota', async () => {
    const { state, process } = world(1_255);
    expect(await admitted(process(), 3_000)).toBe(1_255);
    expect(state.queries).toBeLessThanOrEqual(106);
  });

  it('admit again when the window is over', async () => {
    const { state, process } = world(10);
    const one = process();
    expect(await admitted(one, 20)).toBe(10);
    state.now += WINDOW_SECONDS * 1_000;
    expect(await admitted(one, 20)).toBe(10);
  });

  it('say when to come again, and how many are left', async () => {
    const { state, process } = world(3);
    const one = process();
    expect(await one.take('key')).toEqual({ admitted: true, remaining: 2, resetSeconds: 60 });
    state.now += 41_500;
    await admitted(one, 2);
    expect(await one.take('key')).toEqual({ admitted: false, remaining: 0, resetSeconds: 19 });
  });

  it('count a key that has a quota of its own, also when it gets another in the middle of a window', async () => {
    const { process } = world(10);
    const one = process();
    const times = async (count: number, quota: number) => {
      let admittedOnes = 0;
      for (let i = 0; i < count; i++) if ((await one.take('key', quota)).admitted) admittedOnes++;
      return admittedOnes;
    };
    expect(await times(20, 10)).toBe(10);
    expect(await times(50, 30)).toBe(20);
    expect(await times(20, 10)).toBe(0);
    // What the store was asked for above its quota, to say no, counts as well.
    expect(await times(200, 100)).toBeGreaterThanOrEqual(68);
  });

  it('are asked for once by all who wait', async () => {
    const { state, process } = world(600);
    const one = process();
    const verdicts = await Promise.all(Array.from({ length: 700 }, () => one.take('key')));
    expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(600);
    expect(state.queries).toBeLessThanOrEqual(2);
  });

  it('over two processes come to the quota, less one percent at most, and never more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2_000 }),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 80 }),
        async (quota, turns) => {
          const { process } = world(quota);
          const [one, two] = [process(), process()];
          let count = 0;
          for (const turn of turns) count += await admitted(turn ? one : two, Math.ceil(quota / 20));
          count += await admitted(one, quota);
          expect(count).toBeLessThanOrEqual(quota);
          expect(count).toBeGreaterThanOrEqual(quota - Math.max(1, Math.floor(quota / 100)) + 1);
        },
      ),
      { numRuns: 50 },
    );
  });
});
