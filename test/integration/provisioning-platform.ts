import 'reflect-metadata';

import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { type KeyRing, openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import type { DatabaseServer, TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';

import { createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';

export const POSTGRES_URL = inject('postgresUrl');

export const SILENT = pino({ level: 'silent' });

/** Environment variables of a platform on these databases. */
export function environmentOf(
  databases: Pick<PlatformDatabases, 'centralUrl' | 'adminUrl'>,
): Record<string, string> {
  return {
    NODE_ENV: 'test',
    CENTRAL_DATABASE_URL: databases.centralUrl,
    INTERNAL_POSTGRES_URL: databases.adminUrl,
    JWT_SECRET: 'j'.repeat(40),
    ENCRYPTION_KEY: '5a'.repeat(32),
  };
}

/** A prepared platform with nothing running, and what makes tenant databases on it. */
export class ProvisioningPlatform {
  private constructor(
    readonly databases: PlatformDatabases,
    readonly config: Config,
    readonly central: CentralDatabase,
    readonly keys: KeyRing,
    readonly provisioner: TenantProvisioner,
  ) {}

  static async create(
    serverUrl: string = POSTGRES_URL,
    env: Record<string, string> = {},
  ): Promise<ProvisioningPlatform> {
    const databases = await createPlatformDatabases(serverUrl);
    const config = loadConfig({ ...environmentOf(databases), ...env });
    await preparePlatform(config);
    const central = new CentralDatabase(config, SILENT);
    const keys = await openKeyRing(central.pool, config);
    return new ProvisioningPlatform(
      databases,
      config,
      central,
      keys,
      new TenantProvisioner(config, SILENT, central, keys),
    );
  }

  /** A tenant without databases. */
  async addTenant(): Promise<string> {
    const id = newId('ten');
    await this.central.db.tenant.create({ data: { id, slug: id, name: 'Acme', status: 'active' } });
    return id;
  }

  /** A tenant database's row with its server. */
  row(id: string): Promise<TenantDatabase & { server: DatabaseServer }> {
    return this.central.db.tenantDatabase.findUniqueOrThrow({ where: { id }, include: { server: true } });
  }

  /** The URL that the tenant's role enters its own database with, or another one of the same server. */
  async tenantUrl(id: string, database?: string): Promise<string> {
    const row = await this.row(id);
    const url = new URL(`postgres://${row.server.host}:${row.server.port}/${database ?? row.databaseName}`);
    url.username = row.roleName;
    url.password = await this.keys.open(row.passwordSealed, row.tenantId);
    return url.href;
  }

  /** Rows of what the server has of this platform's: the names of databases and roles that carry `name`. */
  async onServer(name: string): Promise<{ databases: number; roles: number }> {
    const [row] = await query<{ databases: number; roles: number }>(
      this.config.internalPostgresUrl,
      `SELECT (SELECT count(*)::int FROM pg_database WHERE datname = $1) AS databases,
              (SELECT count(*)::int FROM pg_roles WHERE rolname = $1) AS roles`,
      [name],
    );
    return row ?? { databases: 0, roles: 0 };
  }

  async drop(): Promise<void> {
    await this.central.close();
    await this.databases.drop();
  }
}

/** Runs one statement, or several without values, on a connection of its own. */
export async function query<R extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<R>(text, values);
    return rows;
  } finally {
    await client.end();
  }
}

/** The SQLSTATE that `work` is refused with. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'not refused',
    (error: unknown) => (error instanceof pg.DatabaseError ? (error.code ?? 'no code') : String(error)),
  );
}
