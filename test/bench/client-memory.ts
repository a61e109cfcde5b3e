import 'reflect-metadata';

import { ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import type { DatabaseSnapshot } from '@nova/core/tenancy/directory/tenant-directory.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import { pino } from 'pino';

import { startBenchPlatform } from './platform.js';
import { median, report } from './report.js';

const OPEN = 60;
const CYCLES = Number(process.env['BENCH_CYCLES'] ?? 4);
const TENANTS_A_CYCLE = Number(process.env['BENCH_TENANTS'] ?? 1_000);
/** Databases that are there; a client is for a row, and many rows may be about one database here. */
const DATABASES = OPEN;

/** Memory of tenants' clients: of one that is open, and of the process after thousands were opened and closed. */
async function main(): Promise<void> {
  if (!globalThis.gc) throw new Error('Run it with node --expose-gc.');
  const platform = await startBenchPlatform();
  const log = pino({ level: 'silent' });
  const central = new CentralDatabase(platform.config, log);
  const keys = await openKeyRing(central.pool, platform.config);
  const databases = await makeDatabases(central, new TenantProvisioner(platform.config, log, central, keys));
  const config = { ...platform.config, tenantPoolSize: 1, tenantConnectionBudget: OPEN };
  const clients = new TenantClients(config, log, keys, new ChangeListener(platform.config, log));

  await use(clients, databases[0]!, 0);
  const before = rssMb();
  for (const [index, database] of databases.entries()) await use(clients, database, index);
  const withAllOpen = rssMb();

  const afterCycles: number[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    for (let n = 0; n < TENANTS_A_CYCLE; n++) {
      const index = cycle * TENANTS_A_CYCLE + n;
      await use(clients, databases[index % DATABASES]!, OPEN + index);
    }
    afterCycles.push(rssMb());
  }
  const { clients: open } = clients.usage();
  await clients.close();
  await central.close();
  await platform.stop();

  const mb = (value: number) => `${value.toFixed(1)} MB`;
  const firstCycle = afterCycles[0] ?? 0;
  const later = median(afterCycles.slice(1));
  await report(
    'client-memory',
    `${OPEN} clients within the budget, each with one query; ${CYCLES} cycles of ${TENANTS_A_CYCLE} tenants, garbage collected before each reading.`,
    [
      {
        what: 'an open tenant client',
        value: mb((withAllOpen - before) / (OPEN - 1)),
        baseline: '–',
        ratio: '–',
        aim: '–',
      },
      {
        what: `RSS with ${open} open`,
        value: mb(withAllOpen),
        baseline: `${mb(before)}, with one`,
        ratio: (withAllOpen / before).toFixed(2),
        aim: '–',
      },
      {
        what: `RSS after ${TENANTS_A_CYCLE * CYCLES} tenants were cycled through (${afterCycles.map((value) => value.toFixed(0)).join(', ')})`,
        value: mb(later),
        baseline: `${mb(firstCycle)}, after the first cycle`,
        ratio: (later / firstCycle).toFixed(2),
        aim: 'flat',
      },
    ],
  );
}

/** Leases a client of a row of its own, reads once, and gives it back. */
async function use(clients: TenantClients, database: DatabaseSnapshot, row: number): Promise<void> {
  const lease = await clients.lease({ ...database, id: `${database.id}_${row}` });
  await lease.prisma.customer.findFirst({ orderBy: { id: 'desc' } });
  lease.release();
}

async function makeDatabases(
  central: CentralDatabase,
  provisioner: TenantProvisioner,
): Promise<DatabaseSnapshot[]> {
  const snapshots: DatabaseSnapshot[] = [];
  for (let n = 0; n < DATABASES; n++) {
    const tenantId = newId('ten');
    await central.db.tenant.create({
      data: { id: tenantId, slug: tenantId, name: 'Bench', status: 'active' },
    });
    const { id } = await provisioner.provision(tenantId, 'live');
    const row = await central.db.tenantDatabase.findUniqueOrThrow({
      where: { id },
      include: { server: true },
    });
    snapshots.push({
      ...row,
      mode: 'live',
      timeZone: 'UTC',
      serverName: row.server.name,
      serverConnectionBudget: null,
      host: row.server.host,
      port: row.server.port,
      parameters: row.server.parameters,
    });
  }
  return snapshots;
}

function rssMb(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().rss / 2 ** 20;
}

await main();
