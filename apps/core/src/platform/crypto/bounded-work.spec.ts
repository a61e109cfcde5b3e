import { setImmediate as soon } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { BoundedWork } from './bounded-work.js';

function workshop() {
  const bounded = new BoundedWork({ atOnce: 2, waitingMax: 3, refusal: () => new Error('too busy') });
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const bring = (piece: number) =>
    bounded.run(() => {
      begun.push(piece);
      return new Promise<number>((resolve) => finish.push(() => resolve(piece)));
    });
  return { bounded, begun, finish, bring };
}

describe('bounded work', () => {
  it('is begun in order, so many pieces at once, and refused when too much waits', async () => {
    const { begun, finish, bring } = workshop();
    const pieces = [1, 2, 3, 4, 5].map(bring);
    await expect(bring(6)).rejects.toThrow('too busy');
    expect(begun).toEqual([1, 2]);
    finish[0]?.();
    await soon();
    expect(begun).toEqual([1, 2, 3]);
    for (let i = 1; i < 5; i++) {
      finish[i]?.();
      await soon();
    }
    expect(await Promise.all(pieces)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives its place back when it fails', async () => {
    const { bounded, begun, bring } = workshop();
    for (let i = 0; i < 5; i++) {
      await expect(bounded.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    }
    void bring(1);
    void bring(2);
    await soon();
    expect(begun).toEqual([1, 2]);
  });
});
