import { PrismaClient } from '@nova/prisma-tenant';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';

import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import { omittedColumns } from '../migrator/omitted-columns.js';
import { lackingTenantMigrations } from '../migrator/schema-versions.js';
import { BehindAdapter } from './behind-adapter.js';

interface Opened {
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
}

/** A tenant database's client on a pool of its own, and who uses it. */
export class TenantClient {
  readonly databaseId: string;
  readonly tenantId: string;
  readonly configVersion: number;
  readonly schemaVersion: string | null;
  leases = 0;
  lastUsedAt = performance.now();
  /** Resolves when there is room in the connection budget for it; null until somebody asks. */
  admitted: Promise<void> | null = null;
  private opened: Promise<Opened> | null = null;

  constructor(
    database: DatabaseSnapshot,
    private readonly openPool: () => Promise<pg.Pool>,
  ) {
    this.databaseId = database.id;
    this.tenantId = database.tenantId;
    this.configVersion = database.configVersion;
    this.schemaVersion = database.schemaVersion;
  }

  /** Whether it is made for the configuration and the schema of this snapshot, or for newer ones. */
  serves({ configVersion, schemaVersion }: DatabaseSnapshot): boolean {
    if (this.configVersion !== configVersion) return this.configVersion > configVersion;
    return (this.schemaVersion ?? '') >= (schemaVersion ?? '');
  }

  /** The client and its pool, made when first asked for, and again after that has failed. */
  open(): Promise<Opened> {
    this.opened ??= this.make().catch((error: unknown) => {
      this.opened = null;
      throw error;
    });
    return this.opened;
  }

  /** Ends its connections. Only called when nobody leases it and nobody can any more. */
  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => null);
    if (!opened) return;
    await opened.prisma.$disconnect();
    await opened.pool.end();
  }

  private async make(): Promise<Opened> {
    const pool = await this.openPool();
    if (lackingTenantMigrations(this.schemaVersion).length === 0)
      return { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
    const omit = omittedColumns(this.schemaVersion);
    return { pool, prisma: new PrismaClient({ adapter: new BehindAdapter(pool), omit }) };
  }
}
