import { ServerConnections } from '@nova/core/tenancy/migrator/server-connections.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { parseMigration } from '@nova/core/tenancy/migrator/load-migrations.js';
import { type FleetRun, migrateFleet } from '@nova/core/tenancy/migrator/migrate-fleet.js';
import { migrateTenants } from '@nova/core/tenancy/migrator/migrate-tenants.js';
import type { DatabaseResult } from '@nova/core/tenancy/migrator/migration-runs.js';
import { migrationStatus } from '@nova/core/tenancy/migrator/migration-status.js';
import { planFleet } from '@nova/core/tenancy/migrator/plan-fleet.js';
import { type Rollout, RolloutSchema } from '@nova/core/tenancy/migrator/rollout.js';
import { RunJournal } from '@nova/core/tenancy/migrator/run-journal.js';
import { loadBuildMigrations, type MigrationSet } from '@nova/core/tenancy/migrator/schema-versions.js';
import { prepareServer, withCentralClient } from '@nova/core/tenancy/prepare-platform.js';
import { readServers } from '@nova/core/tenancy/servers/database-servers.js';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import {
  addTenants,
  createFleetPlatform,
  type FleetPlatform,
  type FleetTenant,
  within,
} from '../support/small-fleet.js';
import { query } from './provisioning-platform.js';

let platform: FleetPlatform;
let tenants: FleetTenant[];
let migrations: MigrationSet;
let serial = 0;

beforeAll(async () => {
  platform = await createFleetPlatform(inject('postgresUrl'));
  migrations = await loadBuildMigrations();
  tenants = await addTenants(platform, 6, migrations.tenant);
});
afterAll(() => platform.databases.drop());

/** One more migration of tenant databases, which makes a table of its name. */
beforeEach(() => {
  migrations = withOne(`t${(serial += 1)}`);
});

function withOne(table: string, order = serial): MigrationSet {
  const name = `9999010100${String(order).padStart(4, '0')}_${table}`;
  const added = parseMigration(name, Buffer.from(`CREATE TABLE ${table} (id int);`));
  const tenant = [...migrations.tenant, added].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { central: migrations.central, tenant };
}

const slugs = (...indices: number[]) => indices.map((index) => tenants[index]?.slug ?? '');
const roll = (rollout: Partial<Rollout> = {}) => migrateFleet(platform.config, { migrations, rollout });
const resume = (runId: string | null = null) =>
  migrateFleet(platform.config, { migrations, continues: { what: 'rest', runId } });
const retry = (runId: string | null = null) =>
  migrateFleet(platform.config, { migrations, continues: { what: 'failures', runId } });
const visited = ({ results }: FleetRun) =>
  results.filter((r) => r.attempts > 0 && r.tenantId !== null).map(({ name }) => name);

async function inTenant(index: number, sql: string): Promise<void> {
  const name = tenants[index]?.databaseName ?? '';
  await within(platform.databases.adminUrl, name, (client) => client.query(sql));
}

/** Who has the newest table. */
async function migrated(): Promise<string[]> {
  const table = `t${serial}`;
  const found: string[] = [];
  for (const { slug, databaseName } of tenants) {
    const { rows } = await within(platform.databases.adminUrl, databaseName, (client) =>
      client.query<{ there: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS there`, [table]),
    );
    if (rows[0]?.there) found.push(slug);
  }
  return found;
}

describe('a roll-out', () => {
  it('goes by the canaries, pauses, and goes on where it stood', async () => {
    const run = await roll({ canary: { tenants: slugs(2, 4) }, afterCanary: 'pause' });
    expect(run).toMatchObject({ status: 'paused', counts: { failed: 0, left: 4 } });
    expect(await migrated()).toEqual(slugs(2, 4));
    expect((await migrationStatus(platform.config)).lastRun).toMatchObject({
      id: run.runId,
      status: 'paused',
    });
    const rest = await resume();
    expect(rest).toMatchObject({ runId: run.runId, status: 'succeeded', counts: { failed: 0, left: 0 } });
    expect(visited(rest).sort()).toEqual(slugs(0, 1, 3, 5));
    expect(await migrated()).toEqual(slugs(0, 1, 2, 3, 4, 5));
    await expect(resume()).rejects.toThrow('No run has a database left to do');
  });

  it('ends with the canaries when one of them fails, and can be mended and gone on with', async () => {
    await inTenant(1, `CREATE TABLE t${serial} (other text)`);
    const run = await roll({ canary: { tenants: slugs(1) } });
    expect(run).toMatchObject({ status: 'failed', counts: { failed: 1, left: 5 } });
    await inTenant(1, `DROP TABLE t${serial}`);
    const retried = await retry();
    expect(retried).toMatchObject({ runId: run.runId, status: 'succeeded', counts: { failed: 0, left: 0 } });
    expect(visited(retried)[0], 'the canary goes first again').toBe(slugs(1)[0]);
    expect(await migrated()).toHaveLength(6);
  });

  it('that is cut off among its canaries still ends with them when one had failed before', async () => {
    await inTenant(1, `CREATE TABLE t${serial} (other text)`);
    const cut = new AbortController();
    const run = await migrateFleet(platform.config, {
      migrations,
      rollout: { canary: { tenants: slugs(1, 2) }, concurrency: 1 },
      signal: cut.signal,
      onProgress: ({ status }) => void (status === 'failed' && cut.abort()),
    });
    expect(run).toMatchObject({ status: 'interrupted', counts: { failed: 1, left: 5 } });
    const resumed = await resume();
    expect(visited(resumed), 'the other canary and no more').toEqual(slugs(2));
    expect(resumed).toMatchObject({ status: 'failed', counts: { failed: 1, left: 4 } });
    await inTenant(1, `DROP TABLE t${serial}`);
    expect(await retry()).toMatchObject({ status: 'succeeded', counts: { failed: 0, left: 0 } });
  });

  it('draws as many canaries as it is told', async () => {
    const run = await roll({ canary: { count: 2 }, afterCanary: 'pause' });
    expect(visited(run)).toHaveLength(2);
    expect((await resume()).status).toBe('succeeded');
  });

  it('stops beginning more after so many failures', async () => {
    for (const index of [0, 1, 2, 3]) await inTenant(index, `CREATE TABLE t${serial} (other text)`);
    const run = await roll({ maxFailures: 2, concurrency: 1 });
    expect(run).toMatchObject({ status: 'failed', counts: { failed: 2, left: 4 } });
    for (const index of [0, 1, 2, 3]) await inTenant(index, `DROP TABLE t${serial}`);
    expect(await resume()).toMatchObject({ status: 'failed', counts: { failed: 2, left: 0 } });
    expect((await retry()).status).toBe('succeeded');
    await expect(retry()).rejects.toThrow('No run has a database that has failed');
  });

  it('is about whom it is told, and a new one finds the rest', async () => {
    expect(visited(await roll({ only: slugs(0, 1), except: slugs(1) }))).toEqual(slugs(0));
    expect(visited(await roll({ server: 'default', except: slugs(2) })).sort()).toEqual(slugs(1, 3, 4, 5));
    expect(visited(await roll())).toEqual(slugs(2));
    expect(visited(await roll())).toEqual([]);
    expect(visited(await roll({ visit: 'all' }))).toHaveLength(6);
    await expect(roll({ only: ['nobody'] })).rejects.toThrow('There is no tenant nobody');
    await expect(roll({ server: 'nowhere' })).rejects.toThrow('There is no database server nowhere');
    await expect(roll({ canary: { tenants: slugs(0) }, only: slugs(1) })).rejects.toThrow(
      'None of the canaries',
    );
  });

  it('is not gone on with by another build', async () => {
    await roll({ canary: { count: 1 }, afterCanary: 'pause' });
    const other = withOne('other', 5_000);
    await expect(
      migrateFleet(platform.config, { migrations: other, continues: { what: 'rest', runId: null } }),
    ).rejects.toThrow('Go on with the build that it was begun with');
    expect((await resume()).status).toBe('succeeded');
  });

  it('goes on beside a database that fails while central is away', async () => {
    const away = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const central = new pg.Pool({ connectionString: platform.config.centralDatabaseUrl });
    const journal = new RunJournal(central, 'mrun_of_this_test', null);
    const parts = {
      tenantId: 'ten_1',
      mode: 'test',
      serverId: 'srv_gone',
      databaseName: 'gone',
      version: null,
    };
    const databases = ['one', 'two'].map((slug) => ({ ...parts, id: slug, slug }));
    const results: DatabaseResult[] = [];
    const rollout = RolloutSchema.parse({ concurrency: 1 });
    const servers = new Map<string, never>();
    const run = {
      central: away,
      journal,
      connections: new ServerConnections(),
      servers,
      migrations: [],
      rollout,
    };
    const rest = { mayBegin: () => true, onResult: (result: DatabaseResult) => void results.push(result) };
    try {
      await migrateTenants({ ...run, ...rest }, 'rest', databases);
    } finally {
      await journal.close();
      await Promise.all([away.end(), central.end()]);
    }
    expect(results).toMatchObject([{ status: 'failed' }, { status: 'failed' }]);
  });

  it('brings a migration that was merged late to databases that are ahead of it', async () => {
    expect((await roll()).status).toBe('succeeded');
    migrations = withOne('late', 0);
    const run = await roll();
    expect(run.status).toBe('succeeded');
    expect(visited(run)).toHaveLength(6);
    await inTenant(3, 'SELECT * FROM late');
  });

  it('brings it to them also when the process died as soon as the template had it', async () => {
    expect((await roll()).status).toBe('succeeded');
    migrations = withOne('late_and_killed', 1);
    await withCentralClient(platform.config, async (central) => {
      const [server] = await readServers(central, await openKeyRing(central, platform.config));
      if (server) await prepareServer(server, platform.config, migrations.tenant, null);
    });
    expect(visited(await roll())).toHaveLength(6);
    await inTenant(3, 'SELECT * FROM late_and_killed');
  });

  it('refuses a file that was changed after it was applied, before any tenant is touched', async () => {
    expect((await roll()).status).toBe('succeeded');
    const newest = migrations.tenant.at(-1);
    const changed = parseMigration(newest?.name ?? '', Buffer.from('CREATE TABLE changed (id int);'));
    const run = await migrateFleet(platform.config, {
      migrations: { ...migrations, tenant: [...migrations.tenant.slice(0, -1), changed] },
    });
    expect(run.status).toBe('failed');
    expect(run.results.at(-1)).toMatchObject({
      phase: 'template',
      error: expect.stringContaining('was changed after it had been applied') as string,
    });
  });
});

describe('a dry run', () => {
  it('says who would get what, who would fail, and changes nothing', async () => {
    await inTenant(5, `UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name LIKE '%_init'`);
    const before = await query(platform.config.centralDatabaseUrl, 'SELECT count(*) FROM migration_runs');
    const plan = await planFleet(platform.config, { canary: { tenants: slugs(3) } }, migrations);
    const name = migrations.tenant.at(-1)?.name ?? '';
    expect(plan.databases.map(({ phase }) => phase)).toEqual([
      'template',
      'canary',
      ...Array<string>(5).fill('rest'),
    ]);
    expect(plan.databases.filter(({ problem }) => problem === null).map((one) => one.migrations)).toEqual(
      Array.from({ length: 6 }, () => [name]),
    );
    expect(plan.databases.find(({ name: slug }) => slug === slugs(5)[0])?.problem).toContain('was changed');
    expect(plan.sql).toEqual({ [name]: `CREATE TABLE t${serial} (id int);` });
    expect(await migrated()).toEqual([]);
    expect(await query(platform.config.centralDatabaseUrl, 'SELECT count(*) FROM migration_runs')).toEqual(
      before,
    );
  });
});
