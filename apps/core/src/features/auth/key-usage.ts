import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

import { IDENTITY, type IdentityDeps } from './identity-deps.js';

/** A key's last use is written at most this often. */
const WRITE_EVERY_MS = 60_000;
const KEYS_REMEMBERED_MAX = 20_000;

/**
 * Keeps `lastUsedAt` of API keys, exact to a minute: the first use of a minute is written, beside the request and not
 * before its answer. Several processes agree by the condition of the write.
 */
@Injectable()
export class KeyUsage implements OnModuleDestroy {
  private readonly recent = new LRUCache<string, true>({ max: KEYS_REMEMBERED_MAX, ttl: WRITE_EVERY_MS });
  private readonly writing = new Set<Promise<void>>();

  constructor(@Inject(IDENTITY) private readonly deps: IdentityDeps) {}

  /** Notes that the key was used now. Never waits and never fails. */
  note(keyId: string, ip: string): void {
    if (this.recent.has(keyId)) return;
    this.recent.set(keyId, true);
    const write = this.write(keyId, ip).finally(() => this.writing.delete(write));
    this.writing.add(write);
  }

  /** Ends when nothing is being written. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }

  async onModuleDestroy(): Promise<void> {
    await this.settled();
  }

  private async write(id: string, ip: string): Promise<void> {
    const now = this.deps.clock.now();
    const before = new Date(now.getTime() - WRITE_EVERY_MS);
    try {
      await this.deps.central.apiKey.updateMany({
        where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
        data: { lastUsedAt: now, lastUsedIp: ip },
      });
    } catch (error) {
      this.recent.delete(id);
      this.deps.log.warn({ err: error, keyId: id }, 'The last use of an API key could not be written.');
    }
  }
}
