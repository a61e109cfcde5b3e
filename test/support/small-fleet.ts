import 'reflect-metadata';

import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import type { Migration } from '@nova/core/tenancy/migrator/load-migrations.js';
import { migrateDatabase } from '@nova/core/tenancy/migrator/migrate-database.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import pg from 'pg';

import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from './central-database.js';

/** A tenant of a fleet, with one test database. */
export interface FleetTenant {
  readonly slug: string;
  readonly tenantId: string;
  readonly databaseId: string;
  readonly databaseName: string;
}

export interface FleetPlatform {
  readonly databases: PlatformDatabases;
  readonly environment: Record<string, string>;
  readonly config: Config;
}

/** A prepared platform on which no process runs. */
export async function createFleetPlatform(superuserUrl: string): Promise<FleetPlatform> {
  const databases = await createPlatformDatabases(superuserUrl);
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'fatal',
    CENTRAL_DATABASE_URL: databases.centralUrl,
    INTERNAL_POSTGRES_URL: databases.adminUrl,
    JWT_SECRET: 'j'.repeat(40),
    ENCRYPTION_KEY: '5a'.repeat(32),
  };
  const config = loadConfig(environment);
  await preparePlatform(config);
  return { databases, environment, config };
}

/** Clones so many databases with these migrations, and registers each as the one of a tenant `tenant-000` and so on. */
export async function addTenants(
  { databases }: FleetPlatform,
  count: number,
  migrations: readonly Migration[],
): Promise<FleetTenant[]> {
  const prefix = new URL(databases.centralUrl).pathname.slice(1);
  const model = `${prefix}_model`;
  const tenants = Array.from({ length: count }, (_, index) => ({
    slug: `tenant-${String(index).padStart(3, '0')}`,
    tenantId: newId('ten'),
    databaseId: newId('tdb'),
    databaseName: `${prefix}_${index}`,
  }));
  await asSuperuser(databases.adminUrl, async (admin) => {
    await admin.query(`CREATE DATABASE ${model}`);
    await within(databases.adminUrl, model, (client) => migrateDatabase(client, migrations));
    await whenFree(() => admin.query(`ALTER DATABASE ${model} ALLOW_CONNECTIONS false`));
    for (const { databaseName } of tenants)
      await whenFree(() =>
        admin.query(`CREATE DATABASE ${databaseName} TEMPLATE ${model} ALLOW_CONNECTIONS true`),
      );
  });
  await asSuperuser(databases.centralUrl, async (central) => {
    const { rows } = await central.query<{ id: string }>('SELECT id FROM database_servers');
    await central.query(
      `WITH entry AS (SELECT * FROM jsonb_to_recordset($1) AS e(
         slug text, "tenantId" text, "databaseId" text, "databaseName" text)),
       tenant AS (INSERT INTO tenants (id, slug, name, status)
         SELECT "tenantId", slug, slug, 'active' FROM entry RETURNING id)
       INSERT INTO tenant_databases
         (id, tenant_id, mode, server_id, database_name, role_name, password_sealed, status, schema_version)
       SELECT "databaseId", id, 'test', $2, "databaseName", "databaseName", '-', 'active', $3
         FROM entry JOIN tenant ON id = "tenantId"`,
      [JSON.stringify(tenants), rows[0]?.id, migrations.at(-1)?.name],
    );
  });
  return tenants;
}

/** Runs `work` on a connection of the administrator to this database. */
export async function within<T>(
  adminUrl: string,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return asSuperuser(url.href, work);
}

/** A session that has just ended may still be counted as one. */
async function whenFree(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === 20 || !(error instanceof pg.DatabaseError) || error.code !== '55006') throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
