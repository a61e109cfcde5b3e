import { PrismaClient } from '@nova/prisma-tenant';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';

import type { DatabaseSnapshot } from '../directory/tenant-directory.js';

/** A tenant database's client on a pool of its own, and who uses it. */
export class TenantClient {
  readonly databaseId: string;
  readonly tenantId: string;
  readonly configVersion: number;
  leases = 0;
  lastUsedAt = performance.now();
  /** Resolves when there is room in the connection budget for it; null until somebody asks. */
  admitted: Promise<void> | null = null;
  private opened: { pool: pg.Pool; prisma: PrismaClient } | null = null;

  constructor(
    database: DatabaseSnapshot,
    private readonly openPool: () => pg.Pool,
  ) {
    this.databaseId = database.id;
    this.tenantId = database.tenantId;
    this.configVersion = database.configVersion;
  }

  /** The client and its pool, made when first asked for. */
  open(): { pool: pg.Pool; prisma: PrismaClient } {
    if (!this.opened) {
      const pool = this.openPool();
      this.opened = { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
    }
    return this.opened;
  }

  /** Ends its connections. Only called when nobody leases it and nobody can any more. */
  async close(): Promise<void> {
    if (!this.opened) return;
    await this.opened.prisma.$disconnect();
    await this.opened.pool.end();
  }
}
