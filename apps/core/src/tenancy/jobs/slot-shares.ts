import { Injectable } from '@nestjs/common';

import { QUEUES, type QueueName } from '../../platform/queues/catalogue.js';

/** How long a job may wait in its slot for one of its tenant's to end. Most jobs end within it, so that few are put off. */
const PATIENCE_MS = 250;

interface Share {
  held: number;
  waiting: (() => void)[];
}

/**
 * How many of a queue's slots in this process one tenant database has. More than half it does not get, even if all that
 * wait are its own: jobs that hang must leave room for others' at any time.
 */
@Injectable()
export class SlotShares {
  private readonly shares = new Map<string, Share>();

  /**
   * Takes a slot for a database's job, waiting a moment when it has its share already.
   * @returns how to give it back, or null when there was none to be had
   */
  async enter(queue: QueueName, database: string): Promise<(() => void) | null> {
    const key = `${queue}/${database}`;
    const limit = Math.max(1, Math.floor(QUEUES[queue].concurrency / 2));
    const share = this.shares.get(key) ?? { held: 0, waiting: [] };
    this.shares.set(key, share);
    if (share.held < limit) share.held++;
    else if (!(await turnOf(share))) return null;
    return () => this.leave(key, share);
  }

  private leave(key: string, share: Share): void {
    const next = share.waiting.shift();
    // The slot is handed on as it is.
    if (next) return next();
    share.held--;
    if (share.held === 0) this.shares.delete(key);
  }
}

function turnOf(share: Share): Promise<boolean> {
  return new Promise((resolve) => {
    const mine = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      share.waiting = share.waiting.filter((other) => other !== mine);
      resolve(false);
    }, PATIENCE_MS);
    share.waiting.push(mine);
  });
}
