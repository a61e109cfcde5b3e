import { LRUCache } from 'lru-cache';

import type { Change, ChangeListener } from './changes.js';

interface WatchedCacheOptions {
  max: number;
  /** The longest that a value is believed, even when no change is heard of. */
  ttlMs: number;
  /** The key that a change makes stale, if it concerns this cache. */
  keyOf: (change: Change) => string | null;
}

/**
 * What was read from central, remembered until a change is announced. Loads of one key that are asked for at the same
 * time share one read. It bypasses itself while changes cannot be heard of.
 */
export class WatchedCache<V extends object> {
  private readonly entries: LRUCache<string, V>;
  private readonly loads = new Map<string, Promise<V | null>>();

  constructor(
    private readonly changes: ChangeListener,
    options: WatchedCacheOptions,
  ) {
    this.entries = new LRUCache({ max: options.max, ttl: options.ttlMs });
    changes.onChange((change) => {
      const key = options.keyOf(change);
      if (key !== null) this.forget(key);
    });
    changes.onGap(() => this.clear());
  }

  /** The value of `key`, from memory or from `load`. A null is not remembered. */
  async get(key: string, load: () => Promise<V | null>): Promise<V | null> {
    if (!this.changes.trusted()) return load();
    const known = this.entries.get(key);
    if (known) return known;
    const running = this.loads.get(key);
    if (running) return running;
    const loading: Promise<V | null> = load()
      .then((value) => this.remember(key, loading, value))
      .finally(() => {
        if (this.loads.get(key) === loading) this.loads.delete(key);
      });
    this.loads.set(key, loading);
    return loading;
  }

  /** Forgets a value, and what a read under way is about to bring: it may have been read before the change. */
  forget(key: string): void {
    this.entries.delete(key);
    this.loads.delete(key);
  }

  clear(): void {
    this.entries.clear();
    this.loads.clear();
  }

  private remember(key: string, loading: Promise<V | null>, value: V | null): V | null {
    if (value && this.loads.get(key) === loading && this.changes.trusted()) this.entries.set(key, value);
    return value;
  }
}
