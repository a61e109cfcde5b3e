import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import type { Logger } from 'pino';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { unavailable } from '../../platform/errors/common-errors.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { createPool } from '../../platform/postgres/create-pool.js';
import { ChangeListener } from '../central/changes.js';
import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import { KeyRing } from '../keys/key-ring.js';
import { tenantUrl } from '../servers/tenant-url.js';
import type { TenantDatabaseClient } from '../tenant-context.js';
import { tenantCapacity } from '../tenancy.errors.js';
import {
  evictions,
  type EvictionReason,
  heldConnections,
  openClients,
  openLeases,
  refusals,
} from './client-metrics.js';
import { ConnectionBudget } from './connection-budget.js';
import { TenantClient } from './tenant-client.js';

const DRAIN_LIMIT_MS = 10_000;

/** The right to use a tenant database's client until `release()`, which may be called more than once. */
export interface ClientLease {
  readonly prisma: TenantDatabaseClient;
  readonly pool: pg.Pool;
  /** Another lease of the same client, for work that outlives this one. */
  retain(): ClientLease;
  release(): void;
}

/**
 * One client per tenant database and configuration version, each on a pool of its own. Clients are made once however
 * many ask at once, are never closed while leased, and together stay within the connection budget.
 */
@Injectable()
export class TenantClients implements OnModuleInit {
  private readonly current = new Map<string, TenantClient>();
  private readonly draining = new Set<TenantClient>();
  private readonly budget: ConnectionBudget;
  private reaper: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly keys: KeyRing,
    changes: ChangeListener,
  ) {
    if (config.tenantConnectionBudget < config.tenantPoolSize) {
      throw new Error(
        'TENANT_CONNECTION_BUDGET must be at least TENANT_POOL_SIZE, or no tenant could be served.',
      );
    }
    this.budget = new ConnectionBudget(config.tenantConnectionBudget);
    changes.onChange((change) => {
      if (change.kind === 'tenant')
        this.closeIdle((client) => client.tenantId === change.tenantId, 'changed');
    });
  }

  onModuleInit(): void {
    const { tenantPoolIdleMs } = this.config;
    this.reaper = setInterval(() => {
      const since = performance.now() - tenantPoolIdleMs;
      this.closeIdle((client) => client.lastUsedAt < since, 'idle');
    }, tenantPoolIdleMs / 4).unref();
  }

  /**
   * Leases the client of `database`, opening it if need be.
   * @throws tenant_capacity when every client within the connection budget is leased
   */
  async lease(database: DatabaseSnapshot): Promise<ClientLease> {
    if (this.closed) throw unavailable('The process is shutting down.');
    const client = this.currentFor(database);
    // Counted first, so that nobody closes the client meanwhile, not even to make room for it.
    this.count(client, 1);
    try {
      client.admitted ??= this.admit(client);
      await client.admitted;
      const { pool, prisma } = await client.open();
      return this.leaseOf(client, pool, prisma);
    } catch (error) {
      this.count(client, -1);
      throw error;
    }
  }

  /** How many clients are open, how many leases are held, and how much of the connection budget is used. */
  usage(): { clients: number; leases: number; connections: number } {
    const clients = [...this.current.values(), ...this.draining];
    const leases = clients.reduce((sum, client) => sum + client.leases, 0);
    return { clients: clients.length, leases, connections: this.budget.used };
  }

  /** Refuses new leases, waits a while for those that are held, and ends every connection. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.reaper) clearInterval(this.reaper);
    for (const client of this.current.values()) this.retire(client, 'shutdown');
    const deadline = performance.now() + DRAIN_LIMIT_MS;
    while (this.draining.size > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    if (this.draining.size > 0)
      this.log.warn({ clients: this.draining.size }, 'Tenant clients are still in use.');
  }

  private currentFor(database: DatabaseSnapshot): TenantClient {
    const known = this.current.get(database.id);
    // A snapshot older than the client is stale: the newer configuration is the one that works. A migrated database gets
    // a client of its own, which knows its new columns.
    if (known?.serves(database)) return known;
    if (known) this.retire(known, 'superseded');
    const client = new TenantClient(database, () => this.openPool(database));
    this.current.set(database.id, client);
    openClients.inc();
    return client;
  }

  /** Makes room in the budget by closing idle clients, the least recently used first. */
  private async admit(client: TenantClient): Promise<void> {
    const size = this.config.tenantPoolSize;
    while (!this.budget.take(size)) {
      const victim = this.leastRecentlyUsedIdle();
      if (victim) this.retire(victim, 'budget');
      if (!victim && !this.someConnectionsAreEnding()) {
        this.forget(client);
        refusals.inc();
        throw tenantCapacity('Every connection to tenant databases is in use. Try again in a moment.', {
          headers: { 'Retry-After': '1' },
        });
      }
      await this.budget.nextGiven();
    }
    heldConnections.inc(size);
  }

  private leastRecentlyUsedIdle(): TenantClient | null {
    let oldest: TenantClient | null = null;
    for (const client of this.current.values()) {
      if (client.leases === 0 && (!oldest || client.lastUsedAt < oldest.lastUsedAt)) oldest = client;
    }
    return oldest;
  }

  private someConnectionsAreEnding(): boolean {
    return [...this.draining].some((client) => client.leases === 0);
  }

  private async openPool(database: DatabaseSnapshot): Promise<pg.Pool> {
    const { id: databaseId, tenantId } = database;
    const password = await this.keys.open(database.passwordSealed, tenantId);
    return createPool(
      {
        connectionString: tenantUrl(database, password),
        max: this.config.tenantPoolSize,
        idleTimeoutMillis: Math.min(30_000, this.config.tenantPoolIdleMs),
        application_name: 'nova-tenant',
      },
      (error) =>
        this.log.warn({ err: error, tenantId, databaseId }, 'A connection to a tenant database was lost.'),
    );
  }

  private leaseOf(client: TenantClient, pool: pg.Pool, prisma: TenantDatabaseClient): ClientLease {
    let held = true;
    return {
      prisma,
      pool,
      retain: () => {
        this.count(client, 1);
        return this.leaseOf(client, pool, prisma);
      },
      release: () => {
        if (!held) return;
        held = false;
        this.count(client, -1);
      },
    };
  }

  private count(client: TenantClient, change: 1 | -1): void {
    client.leases += change;
    client.lastUsedAt = performance.now();
    openLeases.inc(change);
    if (client.leases === 0 && this.draining.has(client)) void this.end(client);
  }

  private closeIdle(which: (client: TenantClient) => boolean, reason: EvictionReason): void {
    for (const client of this.current.values()) {
      if (client.leases === 0 && which(client)) this.retire(client, reason);
    }
  }

  /** Takes the client out of use: no new lease finds it, and it is closed as soon as the last one is given back. */
  private retire(client: TenantClient, reason: EvictionReason): void {
    this.current.delete(client.databaseId);
    this.draining.add(client);
    evictions.inc({ reason });
    if (client.leases === 0) void this.end(client);
  }

  private async end(client: TenantClient): Promise<void> {
    try {
      await client.close();
    } catch (error) {
      this.log.warn(
        { err: error, databaseId: client.databaseId },
        'A tenant client could not be closed cleanly.',
      );
    } finally {
      this.draining.delete(client);
      openClients.dec();
      heldConnections.dec(this.config.tenantPoolSize);
      this.budget.give(this.config.tenantPoolSize);
    }
  }

  /** Undoes the making of a client that was not admitted. */
  private forget(client: TenantClient): void {
    if (this.current.get(client.databaseId) === client) this.current.delete(client.databaseId);
    this.draining.delete(client);
    openClients.dec();
  }
}
