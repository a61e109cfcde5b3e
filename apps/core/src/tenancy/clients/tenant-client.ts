import type { PrismaClient } from '@nova/prisma-tenant';
import type pg from 'pg';

import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import type { Share } from './connection-budgets.js';
import { openPrisma } from './open-prisma.js';
import type { TenantPool } from './tenant-pool.js';

/** Connections that do not end by themselves are cut off after so long: those to a silent server never do. */
const CLOSE_LIMIT_MS = 3_000;

interface Opened {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
}

/** A tenant database's client on a pool of its own, and who uses it. */
export class TenantClient {
  leases = 0;
  lastUsedAt = performance.now();
  /** Resolves when there is room in the connection budgets for it; null until somebody asks. */
  admitted: Promise<void> | null = null;
  private opened: Promise<Opened> | null = null;
  private connections: TenantPool | null = null;

  constructor(
    readonly database: DatabaseSnapshot,
    readonly share: Share,
    private readonly openPool: () => Promise<TenantPool>,
  ) {}

  /**
   * Whether it is made for this configuration or a newer one: a snapshot older than the client is stale. A migrated database
   * gets a client of its own, which knows its new columns.
   */
  serves({ configVersion, host, port, parameters, schemaVersion }: DatabaseSnapshot): boolean {
    const own = this.database;
    if (own.configVersion !== configVersion) return own.configVersion > configVersion;
    if ((own.schemaVersion ?? '') < (schemaVersion ?? '')) return false;
    // What is leased all the time would never be connected anew with the TLS that its server has come to ask for.
    return own.host === host && own.port === port && own.parameters === parameters;
  }

  /** The client and its pool, made when first asked for, and again after that has failed. */
  open(): Promise<Opened> {
    this.opened ??= this.make().catch((error: unknown) => {
      this.opened = null;
      throw error;
    });
    return this.opened;
  }

  /** For how long one of its connections has been in use without a break. */
  busyForMs(): number {
    return this.connections?.busyForMs() ?? 0;
  }

  /** Ends its connections as they are. What is being done on them fails; the next use makes new ones. */
  disconnect(): void {
    this.connections?.destroy();
  }

  /** Ends its connections for good. Only called when nobody leases it and nobody can any more. */
  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => null);
    if (!opened) return;
    const cutOff = setTimeout(() => this.disconnect(), CLOSE_LIMIT_MS);
    try {
      await opened.prisma.$disconnect();
      await opened.pool.end();
    } finally {
      clearTimeout(cutOff);
    }
  }

  private async make(): Promise<Opened> {
    const connections = await this.openPool();
    this.connections = connections;
    const { pool } = connections;
    return { pool, prisma: openPrisma(pool, this.database.schemaVersion) };
  }
}
