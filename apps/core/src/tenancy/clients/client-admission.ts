import { tenantCapacity } from '../tenancy.errors.js';
import type { ClientEvents } from './client-events.js';
import { type EvictionReason, heldConnections } from './client-metrics.js';
import type { Bound, ConnectionBudgets } from './connection-budgets.js';
import type { TenantClient } from './tenant-client.js';

/** The clients that share the budgets. */
export interface Rivals {
  /** Those that leases find. */
  readonly current: ReadonlyMap<string, TenantClient>;
  /** Those that end once their last lease is given back. */
  readonly draining: ReadonlySet<TenantClient>;
  retire(client: TenantClient, reason: EvictionReason): void;
}

/** Lets a client into the connection budgets, and closes idle ones to make room for it. */
export class ClientAdmission {
  constructor(
    private readonly budgets: ConnectionBudgets,
    private readonly rivals: Rivals,
    private readonly events: ClientEvents,
  ) {}

  /**
   * Takes the connections of `client`. Where a budget has no room, the least recently used client that nobody leases is
   * closed: one of the same server when that server's budget is the tight one. Nobody is waited for but connections
   * that are ending already.
   * @throws tenant_capacity when every client that could make room is in use
   */
  async admit(client: TenantClient): Promise<void> {
    let evicted = 0;
    for (;;) {
      const bound = this.budgets.take(client.share);
      if (bound === null) break;
      const victim = this.leastRecentlyUsedIdle(client, bound);
      if (victim) {
        evicted++;
        this.rivals.retire(victim, `${bound}_budget`);
      } else if (!this.someAreEnding(client, bound)) {
        throw this.refusal(client, bound);
      }
      await this.budgets.nextGiven();
    }
    heldConnections.inc({ server: client.database.serverName }, client.share.count);
    this.events.admitted(client.database, evicted);
  }

  /** Gives the connections of a client back that was admitted and is closed. */
  leave({ share, database }: TenantClient): void {
    heldConnections.dec({ server: database.serverName }, share.count);
    this.budgets.give(share);
  }

  private refusal({ database, share }: TenantClient, bound: Bound): Error {
    const held = bound === 'server' ? this.budgets.usedOf(share.serverId) : this.budgets.used;
    this.events.refused(database, bound, held);
    return tenantCapacity('Every connection to tenant databases is in use. Try again in a moment.', {
      headers: { 'Retry-After': '1' },
    });
  }

  private leastRecentlyUsedIdle(client: TenantClient, bound: Bound): TenantClient | null {
    let oldest: TenantClient | null = null;
    for (const rival of this.rivals.current.values()) {
      if (rival.leases > 0 || !makesRoom(rival, client, bound)) continue;
      if (!oldest || rival.lastUsedAt < oldest.lastUsedAt) oldest = rival;
    }
    return oldest;
  }

  private someAreEnding(client: TenantClient, bound: Bound): boolean {
    return [...this.rivals.draining].some((rival) => rival.leases === 0 && makesRoom(rival, client, bound));
  }
}

function makesRoom(rival: TenantClient, client: TenantClient, bound: Bound): boolean {
  return bound === 'process' || rival.share.serverId === client.share.serverId;
}
