import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import type { TenantClient } from './tenant-client.js';

const LOOK_EVERY_MS = 250;
/** How long a connection may be at one thing before it is asked whether its server is there at all. */
const FIRST_DOUBT_MS = 1_500;

interface WatchOptions {
  clients(): Iterable<TenantClient>;
  /** @throws Error when the database does not answer */
  probe(database: DatabaseSnapshot): Promise<void>;
  onSilent(client: TenantClient, error: unknown): void;
}

/**
 * Tells a database that is silent from one that is at work for long. A server that hangs ends no statement by itself, and its
 * clients would wait for as long as the longest statement may take: so a login of its own asks after connections that
 * have been busy for a while, at intervals that grow for as long as the answer is that all is well.
 */
export class StallWatch {
  private timer: NodeJS.Timeout | null = null;
  private readonly doubts = new WeakMap<TenantClient, { atMs: number; asking: boolean }>();

  constructor(private readonly options: WatchOptions) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  private look(): void {
    for (const client of this.options.clients()) {
      const busyMs = client.busyForMs();
      const doubt = this.doubts.get(client);
      if (busyMs < FIRST_DOUBT_MS) {
        if (doubt && !doubt.asking) this.doubts.delete(client);
      } else if (!doubt?.asking && busyMs >= (doubt?.atMs ?? FIRST_DOUBT_MS)) {
        void this.ask(client, busyMs);
      }
    }
  }

  private async ask(client: TenantClient, busyMs: number): Promise<void> {
    this.doubts.set(client, { atMs: busyMs * 2, asking: true });
    try {
      await this.options.probe(client.database);
    } catch (error) {
      this.options.onSilent(client, error);
    } finally {
      this.doubts.set(client, { atMs: busyMs * 2, asking: false });
    }
  }
}
