import { LRUCache } from 'lru-cache';

import type { RateLimit } from './rate-policies.js';

/** Whether a request is admitted, how many more would be, and when the count begins anew. */
export interface Verdict {
  readonly admitted: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Takes points from the store that all processes share: how many are taken by now, and when they come back. */
export type TakePoints = (key: string, points: number) => Promise<{ taken: number; msBeforeReset: number }>;

interface Window {
  /** Of the limit that it was judged by; another one is another count of what is left. */
  quota: number;
  /** Points of ours that are not spent. */
  left: number;
  /** Points that nobody had taken from the store when it was asked last. */
  unclaimed: number;
  resetsAt: number;
  refill: Promise<void> | null;
  waiting: number;
}

/** Callers that are remembered; one that is forgotten costs a query and the few points it had left. */
const CALLERS_MAX = 50_000;

/** How many points to take from the store at once: one in a hundred of the quota, as long as that is a whole one. */
export function chunkOf(quota: number): number {
  return Math.max(1, Math.floor(quota / 100));
}

/** How many of the points asked for were still there, when `taken` counts them too. */
export function grantedOf(quota: number, asked: number, taken: number): number {
  return Math.min(asked, Math.max(0, quota - (taken - asked)));
}

/**
 * Counts by key against one limit. So that a request does not cost a query, points are taken from the store a hundredth
 * of the quota at a time and spent from memory. What one process has taken and not spent no other can spend, so two
 * processes together admit at most the quota and at least 99 % of it; each further process may withhold one more
 * percent. A key may have a quota of its own, within the same window of time. A key that was refused is remembered until it may come again: a flood costs no query either.
 */
export class PointChunks {
  private readonly windows = new LRUCache<string, Window>({ max: CALLERS_MAX });

  constructor(
    private readonly limit: RateLimit,
    private readonly takePoints: TakePoints,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Spends one point of `key`, if there is one by the limit's quota or one of its own. */
  async take(key: string, quota: number = this.limit.quota): Promise<Verdict> {
    for (;;) {
      const window = this.windowOf(key, quota);
      if (window.left > 0) {
        window.left--;
        return this.verdict(window, 'admitted');
      }
      if (window.unclaimed === 0) return this.verdict(window, 'refused');
      await this.refilled(key, window);
    }
  }

  private windowOf(key: string, quota: number): Window {
    const known = this.windows.get(key);
    if (known?.quota === quota && (known.refill || this.now() < known.resetsAt)) return known;
    const window = { quota, left: 0, unclaimed: quota, resetsAt: Infinity, refill: null, waiting: 0 };
    this.windows.set(key, window);
    return window;
  }

  /** However many wait for points at once, the store is asked once, for all of them. */
  private async refilled(key: string, window: Window): Promise<void> {
    window.waiting++;
    // The others of this moment are counted before the store is asked.
    window.refill ??= Promise.resolve()
      .then(() => this.refill(key, window))
      .finally(() => (window.refill = null));
    await window.refill;
  }

  private async refill(key: string, window: Window): Promise<void> {
    const { quota } = window;
    const asked = Math.min(quota, Math.max(chunkOf(quota), window.waiting));
    window.waiting = 0;
    const { taken, msBeforeReset } = await this.takePoints(key, asked);
    window.left += grantedOf(quota, asked, taken);
    window.unclaimed = Math.max(0, quota - taken);
    window.resetsAt = this.now() + msBeforeReset;
  }

  private verdict(window: Window, outcome: 'admitted' | 'refused'): Verdict {
    const msLeft = Math.max(0, window.resetsAt - this.now());
    return {
      admitted: outcome === 'admitted',
      remaining: window.left + window.unclaimed,
      resetSeconds: Math.max(1, Math.ceil(msLeft / 1_000)),
    };
  }
}
