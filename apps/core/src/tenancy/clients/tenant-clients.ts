import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import type { Logger } from 'pino';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { unavailable } from '../../platform/errors/common-errors.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { ChangeListener } from '../central/changes.js';
import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import { KeyRing } from '../keys/key-ring.js';
import type { TenantDatabaseClient } from '../tenant-context.js';
import { ClientAdmission } from './client-admission.js';
import { ClientEvents } from './client-events.js';
import { type EvictionReason, openClients, openLeases, openSeconds } from './client-metrics.js';
import { ConnectionBudgets } from './connection-budgets.js';
import { StallWatch } from './stall-watch.js';
import { TenantClient } from './tenant-client.js';
import { TenantConnections } from './tenant-connections.js';

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
 * many ask at once, are never closed while leased, and together stay within the connection budgets.
 */
@Injectable()
export class TenantClients implements OnModuleInit {
  private readonly current = new Map<string, TenantClient>();
  private readonly draining = new Set<TenantClient>();
  private readonly budgets: ConnectionBudgets;
  private readonly events: ClientEvents;
  private readonly admission: ClientAdmission;
  private readonly connections: TenantConnections;
  private readonly stalls: StallWatch;
  private reaper: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    keys: KeyRing,
    changes: ChangeListener,
  ) {
    if (config.tenantConnectionBudget < config.tenantPoolSize) {
      throw new Error(
        'TENANT_CONNECTION_BUDGET must be at least TENANT_POOL_SIZE, or no tenant could be served.',
      );
    }
    this.budgets = new ConnectionBudgets(config.tenantConnectionBudget);
    this.events = new ClientEvents(log);
    const { current, draining } = this;
    const retire = (client: TenantClient, reason: EvictionReason) => this.retire(client, reason);
    this.admission = new ClientAdmission(this.budgets, { current, draining, retire }, this.events);
    this.connections = new TenantConnections(config, keys, this.events);
    this.stalls = new StallWatch({
      clients: () => [...current.values(), ...draining],
      probe: (database) => this.connections.probe(database),
      onSilent: (client, error) => this.giveUp(client, error),
    });
    changes.onChange((change) => {
      if (change.kind === 'tenant')
        this.closeIdle(({ database }) => database.tenantId === change.tenantId, 'changed');
    });
  }

  onModuleInit(): void {
    const { tenantPoolIdleMs } = this.config;
    this.reaper = setInterval(() => {
      const since = performance.now() - tenantPoolIdleMs;
      this.closeIdle((client) => client.lastUsedAt < since, 'idle');
    }, tenantPoolIdleMs / 4).unref();
    this.stalls.start();
  }

  /**
   * Leases the client of `database`, opening it if need be.
   * @throws tenant_capacity when every client within the connection budgets is leased
   * @throws tenant_unreachable when the database did not answer a moment ago
   */
  async lease(database: DatabaseSnapshot): Promise<ClientLease> {
    if (this.closed) throw unavailable('The process is shutting down.');
    const { reachability } = this.connections;
    if (reachability.isInDoubt(database)) await reachability.confirm(database);
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

  /** How many clients are open, how many leases are held, and how much of the process's connection budget is used. */
  usage(): { clients: number; leases: number; connections: number } {
    const clients = [...this.current.values(), ...this.draining];
    const leases = clients.reduce((sum, client) => sum + client.leases, 0);
    return { clients: clients.length, leases, connections: this.budgets.used };
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
    this.stalls.stop();
    if (this.draining.size > 0)
      this.log.warn({ clients: this.draining.size }, 'Tenant clients are still in use.');
  }

  private currentFor(database: DatabaseSnapshot): TenantClient {
    const known = this.current.get(database.id);
    if (known?.serves(database)) return known;
    if (known) this.retire(known, 'superseded');
    const client = this.connections.clientOf(database);
    this.current.set(database.id, client);
    openClients.inc();
    return client;
  }

  /** Once for all who ask for it at the same time. */
  private async admit(client: TenantClient): Promise<void> {
    const stop = openSeconds.startTimer();
    try {
      await this.admission.admit(client);
    } catch (error) {
      this.forget(client);
      throw error;
    }
    // Whoever asked first makes the pool; that it fails is theirs to hear.
    await client.open().catch(() => undefined);
    stop();
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
    this.current.delete(client.database.id);
    this.draining.add(client);
    this.events.evicted(client.database, reason);
    if (client.leases === 0) void this.end(client);
  }

  private async end(client: TenantClient): Promise<void> {
    try {
      await client.close();
    } catch (error) {
      this.events.notClosed(client.database, error);
    } finally {
      this.draining.delete(client);
      openClients.dec();
      this.admission.leave(client);
    }
  }

  /** Its database has fallen silent: whoever waits for an answer is told so, and who comes next does not wait. */
  private giveUp(client: TenantClient, error: unknown): void {
    this.connections.reachability.lost(client.database, error);
    client.disconnect();
  }

  /** Undoes the making of a client that was not admitted. */
  private forget(client: TenantClient): void {
    if (this.current.get(client.database.id) === client) this.current.delete(client.database.id);
    this.draining.delete(client);
    openClients.dec();
  }
}
