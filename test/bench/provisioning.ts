import 'reflect-metadata';

import { newId } from '@nova/core/platform/ids/new-id.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { loadMigrations } from '@nova/core/tenancy/migrator/load-migrations.js';
import { migrateDatabase } from '@nova/core/tenancy/migrator/migrate-database.js';
import { MIGRATION_FOLDERS } from '@nova/core/tenancy/migrator/schema-versions.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import pg from 'pg';
import { pino } from 'pino';

import { type BenchPlatform, startBenchPlatform } from './platform.js';
import { median, percentile, report } from './report.js';

const ROUNDS = 50;
const WARM_UP = 5;

/** One tenant database with role and grants, against all migrations applied to a database made empty. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const log = pino({ level: 'silent' });
  const central = new CentralDatabase(platform.config, log);
  const provisioner = new TenantProvisioner(
    platform.config,
    log,
    central,
    await openKeyRing(central.pool, platform.config),
  );
  const ours: number[] = [];
  const migrated: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    const tenantId = newId('ten');
    await central.db.tenant.create({
      data: { id: tenantId, slug: tenantId, name: 'Bench', status: 'active' },
    });
    const a = await timed(() => provisioner.provision(tenantId, 'test'));
    const b = await timed(() => migrateEmptyDatabase(platform, `bench_${round}`));
    if (round < WARM_UP) continue;
    ours.push(a);
    migrated.push(b);
  }
  await central.close();
  await platform.stop();
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  await report(
    'provisioning',
    `${ROUNDS} of each in turn, fsync on. The baseline has no role and no grants.`,
    [
      {
        what: 'one tenant database with role and grants, p50',
        value: ms(median(ours)),
        baseline: ms(median(migrated)),
        ratio: (median(ours) / median(migrated)).toFixed(2),
        aim: '≤ 50 ms',
      },
      {
        what: 'the same, p95',
        value: ms(percentile(ours, 0.95)),
        baseline: ms(percentile(migrated, 0.95)),
        ratio: (percentile(ours, 0.95) / percentile(migrated, 0.95)).toFixed(2),
        aim: '–',
      },
    ],
  );
}

async function migrateEmptyDatabase(platform: BenchPlatform, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: platform.superuserUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = new URL(platform.superuserUrl);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await migrateDatabase(client, await loadMigrations(MIGRATION_FOLDERS.tenant));
  await client.end();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

await main();
