import { parseMigration } from '@nova/core/tenancy/migrator/load-migrations.js';
import { migrateFleet } from '@nova/core/tenancy/migrator/migrate-fleet.js';
import { migrationStatus } from '@nova/core/tenancy/migrator/migration-status.js';
import {
  loadBuildMigrations,
  type MigrationSet,
  requiredTenantVersion,
} from '@nova/core/tenancy/migrator/schema-versions.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPlatformDatabases } from '../support/central-database.js';
import { POSTGRES_URL, ProvisioningPlatform, query } from './provisioning-platform.js';

let platform: ProvisioningPlatform;
let tenants: { tenantId: string; databaseId: string }[];

beforeAll(async () => {
  platform = await ProvisioningPlatform.create();
  tenants = [];
  for (let count = 0; count < 5; count++) {
    const tenantId = await platform.addTenant();
    tenants.push({ tenantId, databaseId: (await platform.provisioner.provision(tenantId, 'test')).id });
  }
});
afterAll(() => platform.drop());

/** The build's own migrations and one more of tenant databases. */
async function withNext(name: string, sql: string): Promise<MigrationSet> {
  const own = await loadBuildMigrations();
  return { central: own.central, tenant: [...own.tenant, ...added, parseMigration(name, Buffer.from(sql))] };
}
const added: MigrationSet['tenant'][number][] = [];

const inTenant = async (index: number, sql: string) =>
  query(await platform.tenantUrl(tenants[index]?.databaseId ?? ''), sql);

async function asAdminIn(index: number, sql: string): Promise<void> {
  const url = new URL(platform.databases.adminUrl);
  url.pathname = `/${(await platform.row(tenants[index]?.databaseId ?? '')).databaseName}`;
  await query(url.href, sql);
}

describe('the fleet', () => {
  it('with nothing to do is visited, and on record', async () => {
    const run = await migrateFleet(platform.config, { startedBy: 'a test' });
    expect(run.status).toBe('succeeded');
    expect(run.results.map(({ id }) => id.replace(/_.*|:.*/, '')).sort()).toEqual([
      'central',
      ...Array<string>(5).fill('tdb'),
      'template',
    ]);
    const status = await migrationStatus(platform.config);
    expect(status).toMatchObject({
      required: requiredTenantVersion(),
      versions: [{ version: requiredTenantVersion(), databases: 5 }],
      stragglers: [],
      lastRun: { id: run.runId, status: 'succeeded', succeeded: 7, failed: 0, left: 0 },
    });
  });

  it('is brought up to date in order, with one failing database that stops no other', async () => {
    const migrations = await withNext(
      '99990101000000_more',
      'CREATE TABLE more (id int); INSERT INTO more VALUES (7);',
    );
    await asAdminIn(2, 'CREATE TABLE more (other text)');
    const heard = await listen();
    const seen: string[] = [];
    const run = await migrateFleet(platform.config, {
      migrations,
      rollout: { concurrency: 2 },
      onProgress: ({ id }) => seen.push(id),
    });
    expect(run.status).toBe('failed');
    expect(seen.slice(0, 2)).toEqual(['central', expect.stringMatching(/^template:srv_/)]);
    expect(seen).toHaveLength(7);
    const failed = run.results.filter((result) => result.status === 'failed');
    expect(failed).toMatchObject([
      { id: tenants[2]?.databaseId, error: expect.stringContaining('"more" already exists') as string },
    ]);
    expect(await inTenant(0, 'SELECT id FROM more')).toEqual([{ id: 7 }]);
    await expect
      .poll(() => heard.tenantIds().sort())
      .toEqual(
        tenants
          .filter((_, index) => index !== 2)
          .map(({ tenantId }) => tenantId)
          .sort(),
      );
    await heard.close();

    const status = await migrationStatus(platform.config);
    expect(status.versions).toEqual([
      { version: '99990101000000_more', databases: 4 },
      { version: requiredTenantVersion(), databases: 1 },
    ]);
    expect(status.lastRun).toMatchObject({
      id: run.runId,
      status: 'failed',
      succeeded: 6,
      failed: 1,
      left: 0,
    });

    await asAdminIn(2, 'DROP TABLE more');
    const again = await migrateFleet(platform.config, { migrations, rollout: { concurrency: 1 } });
    expect(again.status).toBe('succeeded');
    expect(again.results.filter((result) => result.from !== result.to).map(({ id }) => id)).toEqual([
      tenants[2]?.databaseId,
    ]);
    added.push(...migrations.tenant.slice(-1));
  });

  it('has new tenants at the new version, whose role uses the new tables', async () => {
    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'test');
    expect((await platform.row(id)).schemaVersion).toBe('99990101000000_more');
    await query(await platform.tenantUrl(id), 'INSERT INTO more VALUES (8)');
    await platform.provisioner.retire(id);
  });

  it('stops at the template when a migration fails there', async () => {
    const migrations = await withNext('99990102000000_broken', 'SELECT 1 / 0;');
    const run = await migrateFleet(platform.config, { migrations });
    expect(run.status).toBe('failed');
    expect(run.results.map((result) => result.status)).toEqual(['succeeded', 'failed']);
    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'test');
    expect((await platform.row(id)).schemaVersion, 'the template is whole').toBe('99990101000000_more');
    await platform.provisioner.retire(id);
  });

  it('is migrated by one run at a time', async () => {
    const migrations = await withNext('99990103000000_slow', 'SELECT pg_sleep(1);');
    const running = migrateFleet(platform.config, { migrations });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expect(migrateFleet(platform.config, { migrations })).rejects.toThrow(
      'Another run of migrations is under way',
    );
    expect((await running).status).toBe('succeeded');
    added.push(...migrations.tenant.slice(-1));
  });

  it('finishes what is under way when it is told to stop, and says what it left', async () => {
    const migrations = await withNext('99990104000000_stopped', 'CREATE TABLE stopped (id int);');
    const stop = new AbortController();
    const run = await migrateFleet(platform.config, {
      migrations,
      rollout: { concurrency: 1 },
      signal: stop.signal,
      onProgress: ({ tenantId }) => {
        if (tenantId !== null) stop.abort();
      },
    });
    expect(run.status).toBe('interrupted');
    expect((await migrationStatus(platform.config)).lastRun).toMatchObject({
      status: 'interrupted',
      succeeded: 3,
      left: 4,
    });
    expect((await migrateFleet(platform.config, { migrations })).status).toBe('succeeded');
    added.push(...migrations.tenant.slice(-1));
  });

  it('notes a run whose process has gone as interrupted', async () => {
    await platform.central.db.migrationRun.create({
      data: { id: 'mrun_gone', target: 'x', startedBy: 'a process' },
    });
    await migrateFleet(platform.config, { migrations: { ...(await loadBuildMigrations()) } });
    const gone = await platform.central.db.migrationRun.findUniqueOrThrow({ where: { id: 'mrun_gone' } });
    expect(gone.status).toBe('interrupted');
  });

  it('counts a database that cannot be reached as failed', async () => {
    const row = await platform.row(tenants[4]?.databaseId ?? '');
    await query(platform.databases.adminUrl, `ALTER DATABASE ${row.databaseName} ALLOW_CONNECTIONS false`);
    const run = await migrateFleet(platform.config, { rollout: { visit: 'all' } });
    expect(run.status).toBe('failed');
    expect(run.results.filter((result) => result.status === 'failed').map(({ id }) => id)).toEqual([row.id]);
    await query(platform.databases.adminUrl, `ALTER DATABASE ${row.databaseName} ALLOW_CONNECTIONS true`);
  });
});

describe('preparing the platform', () => {
  it('is done once by two processes that start at once, and again at no harm', async () => {
    const databases = await createPlatformDatabases(POSTGRES_URL);
    const config = {
      ...platform.config,
      centralDatabaseUrl: databases.centralUrl,
      internalPostgresUrl: databases.adminUrl,
      queue: { backend: 'postgres' as const, url: databases.centralUrl, poolSize: 12 },
    };
    await Promise.all([preparePlatform(config), preparePlatform(config), preparePlatform(config)]);
    await preparePlatform(config);
    const servers = await query(databases.centralUrl, 'SELECT name, state FROM database_servers');
    expect(servers).toEqual([{ name: 'default', state: 'open' }]);
    const name = new URL(databases.centralUrl).pathname.slice(1);
    const template = await query(
      databases.adminUrl,
      'SELECT datallowconn, datistemplate FROM pg_database WHERE datname = $1',
      [`${name}_template`],
    );
    expect(template).toEqual([{ datallowconn: false, datistemplate: true }]);
    await databases.drop();
  });

  it('takes over a changed administrator’s URL', async () => {
    const databases = platform.databases;
    const moved = databases.adminUrl.replace('127.0.0.1', 'localhost');
    await preparePlatform({ ...platform.config, internalPostgresUrl: moved });
    const hosts = await query(databases.centralUrl, 'SELECT host FROM database_servers');
    expect(hosts).toEqual([{ host: new URL(moved).hostname }]);
    await preparePlatform(platform.config);
  });

  it('finishes a template that was left half-made', async () => {
    const template = `${new URL(platform.config.centralDatabaseUrl).pathname.slice(1)}_template`;
    await query(platform.databases.adminUrl, `ALTER DATABASE ${template} IS_TEMPLATE false`);
    await query(platform.databases.adminUrl, `DROP DATABASE ${template}`);
    await query(platform.databases.adminUrl, `CREATE DATABASE ${template} TEMPLATE template0`);
    await preparePlatform(platform.config);
    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'test');
    expect((await platform.row(id)).schemaVersion).toBe(requiredTenantVersion());
  });
});

/** Hears what is announced of tenants. */
async function listen(): Promise<{ tenantIds(): string[]; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: platform.config.centralDatabaseUrl });
  await client.connect();
  const heard: string[] = [];
  client.on('notification', ({ payload }) => {
    heard.push((JSON.parse(payload ?? '') as { tenantId: string }).tenantId);
  });
  await client.query('LISTEN nova_changes');
  return { tenantIds: () => heard, close: () => client.end() };
}
