import { describe, expect, it } from 'vitest';

import { QUEUES } from '../../platform/queues/catalogue.js';
import { SlotShares } from './slot-shares.js';

const HALF = QUEUES.mail.concurrency / 2;

async function fill(shares: SlotShares, database: string): Promise<(() => void)[]> {
  const taken = await Promise.all(Array.from({ length: HALF }, () => shares.enter('mail', database)));
  return taken.filter((leave) => leave !== null);
}

describe('the slots of a queue', () => {
  it('are one database’s up to the half, and other databases and queues have theirs', async () => {
    const shares = new SlotShares();
    expect(await fill(shares, 'a')).toHaveLength(HALF);
    expect(await shares.enter('mail', 'a')).toBeNull();
    expect(await shares.enter('mail', 'b')).not.toBeNull();
    expect(await shares.enter('payments', 'a')).not.toBeNull();
  });

  it('are handed on to who waits for them, in turn', async () => {
    const shares = new SlotShares();
    const [first, second] = await fill(shares, 'a');
    const order: string[] = [];
    const waiting = ['one', 'two'].map(async (name) => {
      const leave = await shares.enter('mail', 'a');
      order.push(name);
      return leave;
    });
    first?.();
    second?.();
    const leaves = await Promise.all(waiting);
    expect(order).toEqual(['one', 'two']);
    expect(await shares.enter('mail', 'a')).toBeNull();
    for (const leave of leaves) leave?.();
    expect(await fill(shares, 'a')).toHaveLength(HALF);
  });

  it('lets a queue with one slot go on', async () => {
    const shares = new SlotShares();
    const leave = await shares.enter('maintenance', 'a');
    expect(leave).not.toBeNull();
    expect(await shares.enter('maintenance', 'b')).not.toBeNull();
  });
});
