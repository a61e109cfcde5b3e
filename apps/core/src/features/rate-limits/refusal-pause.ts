import { setTimeout as sleep } from 'node:timers/promises';

import { LRUCache } from 'lru-cache';

/** Whoever stops after a few refusals is answered at once. */
const REFUSALS_AT_ONCE = 10;
const PAUSE_MS = 300;
/** A refusal that waits costs its connection and little else, but not nothing. */
const WAITING_MAX = 2_000;
const CALLERS_MAX = 20_000;
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * Lets those wait for their refusal who go on asking although they are refused. A caller who asks again as soon as he was
 * answered would otherwise keep the process busy with saying no, and everybody else would feel it.
 */
export class RefusalPause {
  private readonly refused = new LRUCache<string, number>({ max: CALLERS_MAX, ttl: FORGOTTEN_AFTER_MS });
  private waiting = 0;

  constructor(private readonly pauseMs: number = PAUSE_MS) {}

  /** Resolves when this refusal of `key` may be told. */
  async before(key: string): Promise<void> {
    const count = (this.refused.get(key) ?? 0) + 1;
    this.refused.set(key, count);
    if (count <= REFUSALS_AT_ONCE || this.waiting >= WAITING_MAX) return;
    this.waiting++;
    try {
      await sleep(this.pauseMs, undefined, { ref: false });
    } finally {
      this.waiting--;
    }
  }
}
