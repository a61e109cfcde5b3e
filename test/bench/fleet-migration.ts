import 'reflect-metadata';

import { type Migration, parseMigration } from '@nova/core/tenancy/migrator/load-migrations.js';
import { migrateFleet } from '@nova/core/tenancy/migrator/migrate-fleet.js';
import { loadBuildMigrations, type MigrationSet } from '@nova/core/tenancy/migrator/schema-versions.js';

import { clusterNames } from '@nova/core/tenancy/servers/cluster-names.js';

import { asSuperuser } from '../support/central-database.js';
import { addTenants, type FleetTenant } from '../support/small-fleet.js';
import { type BenchPlatform, startBenchPlatform } from './platform.js';
import { report } from './report.js';
import { type ApplyMigrations, loadWasmEngine } from './wasm-engine.js';

const DATABASES = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 1_000);

/** A history that makes small databases: what is measured is the way to them and back, not the size of a schema. */
const SMALL = [
  parseMigration('20260101000000_small', Buffer.from('CREATE TABLE things (id TEXT PRIMARY KEY);\n')),
];

/** One additive migration over many tenant databases, and a run with nothing to do, beside Prisma's own engine. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const databases = {
    centralUrl: platform.config.centralDatabaseUrl,
    adminUrl: platform.config.internalPostgresUrl,
    drop: async () => {},
  };
  console.log(`Cloning ${DATABASES} databases …`);
  const tenants = await addTenants({ ...platform, databases }, DATABASES, SMALL);
  const own = await loadBuildMigrations();
  const history: Migration[] = [...SMALL];
  const next = (): MigrationSet => {
    const serial = history.length;
    const sql = `ALTER TABLE "things" ADD COLUMN "c${serial}" TEXT;\n`;
    history.push(parseMigration(`2099010100000${serial}_more`, Buffer.from(sql)));
    return { central: own.central, tenant: [...history] };
  };
  await dropTemplate(platform);
  const engine = await loadWasmEngine();
  const seconds = { warmUp: 0, ours: 0, idle: 0, verified: 0, engine: 0, engineIdle: 0 };
  const run = async (tenant: MigrationSet, visit: 'behind' | 'all' = 'behind') => {
    const { status, results } = await migrateFleet(platform.config, {
      migrations: tenant,
      rollout: { visit },
    });
    if (status !== 'succeeded') throw new Error(JSON.stringify(results.find((result) => result.error)));
  };
  // The first connection to a clone builds its caches on disk: neither side is to pay for the other's.
  seconds.warmUp = await timed(() => run(next()));
  const second = next();
  seconds.engine = await timed(() => byEngine(engine, databases.adminUrl, tenants, second.tenant));
  seconds.engineIdle = await timed(() => byEngine(engine, databases.adminUrl, tenants, second.tenant));
  await run(second);
  const third = next();
  seconds.ours = await timed(() => run(third));
  seconds.idle = await timed(() => run(third));
  seconds.verified = await timed(() => run(third, 'all'));
  await platform.stop();
  await tell(seconds);
}

async function tell(
  seconds: Record<'warmUp' | 'ours' | 'idle' | 'verified' | 'engine' | 'engineIdle', number>,
) {
  const s = (value: number) => `${value.toFixed(1)} s`;
  const row = (what: string, ours: number, baseline: number, aim: string) => ({
    what,
    value: s(ours),
    baseline: s(baseline),
    ratio: (ours / baseline).toFixed(2),
    aim,
  });
  await report(
    'fleet-migration',
    `${DATABASES} small tenant databases on one server, fsync on; six at once. The baseline is the WASM schema engine's ` +
      '`applyMigrations`, tenant by tenant, in the same process.',
    [
      row('one additive migration', seconds.ours, seconds.engine, '≤ 20 s; ≥ 5× faster (ratio ≤ 0.2)'),
      row('the same on databases that were never opened before', seconds.warmUp, seconds.engine, '–'),
      row('nothing to do', seconds.idle, seconds.engineIdle, '≤ 3 s'),
      row('nothing to do, every database opened (`--verify`)', seconds.verified, seconds.engineIdle, '–'),
    ],
  );
}

/** The platform's own template has a history that small databases do not have; the first run makes one that has. */
async function dropTemplate({ config, superuserUrl }: BenchPlatform): Promise<void> {
  const { template } = clusterNames(config.centralDatabaseUrl);
  await asSuperuser(superuserUrl, async (admin) => {
    await admin.query(`ALTER DATABASE ${template} IS_TEMPLATE false`);
    await admin.query(`DROP DATABASE ${template}`);
  });
}

async function byEngine(
  engine: ApplyMigrations,
  adminUrl: string,
  tenants: readonly FleetTenant[],
  migrations: readonly Migration[],
): Promise<void> {
  for (const { databaseName } of tenants) {
    const url = new URL(adminUrl);
    url.pathname = `/${databaseName}`;
    await engine(url.href, migrations);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

await main();
