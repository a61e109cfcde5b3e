import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { stealWork } from './steal-work.js';

const always = { count: 2, lendAfterMs: 20, mayBegin: () => true };

describe('work that is stolen', () => {
  it('is all done, no more of it at once than there are places', async () => {
    let underWay = 0;
    let most = 0;
    const done: number[] = [];
    await stealWork([1, 2, 3, 4, 5], { ...always, lendAfterMs: 1_000 }, async (item) => {
      most = Math.max(most, ++underWay);
      await sleep(2);
      underWay -= 1;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('goes on beside pieces that hang, however many places they have', async () => {
    let goOn = () => {};
    const hanging = new Promise<void>((resolve) => (goOn = resolve));
    const done: number[] = [];
    const all = stealWork([1, 2, 3, 4, 5, 6], always, async (item) => {
      if (item <= 2) await hanging;
      done.push(item);
    });
    await expect.poll(() => done).toEqual([3, 4, 5, 6]);
    goOn();
    await all;
    expect(done).toHaveLength(6);
  });

  it('begins nothing more once it may not, and waits for what is under way', async () => {
    const done: number[] = [];
    await stealWork([1, 2, 3, 4], { ...always, mayBegin: () => done.length === 0 }, async (item) => {
      await sleep(5 * item);
      done.push(item);
    });
    expect(done).toEqual([1, 2]);
  });

  it('ends with what it throws', async () => {
    await expect(stealWork([1], always, () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    await stealWork([], always, () => Promise.reject(new Error('No.')));
  });
});
