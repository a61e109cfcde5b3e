import { unavailable } from '@nova/core/platform/errors/common-errors.js';
import { ProblemError } from '@nova/core/platform/errors/define-error.js';
import { registry } from '@nova/core/platform/telemetry/metrics.js';
import { ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { type DatabaseSnapshot, TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { tenantCapacity } from '@nova/core/tenancy/tenancy.errors.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { asSuperuser } from '../support/central-database.js';
import {
  type BootedTenancy,
  eventually,
  POSTGRES_URL,
  query,
  TenancyBench,
  type TestDatabase,
} from './tenancy-platform.js';

let bench: TenancyBench;
let databases: TestDatabase[];

beforeAll(async () => {
  bench = await TenancyBench.create();
  databases = [await bench.addTenant(), await bench.addTenant(), await bench.addTenant()];
});
afterAll(() => bench.drop());

async function snapshotOf(
  booted: BootedTenancy,
  { tenantId, databaseId }: TestDatabase,
): Promise<DatabaseSnapshot> {
  const tenant = await booted.get(TenantDirectory).get(tenantId);
  const snapshot = tenant?.databases.find(({ id }) => id === databaseId);
  if (!snapshot) throw new Error('The tenant has no such database.');
  return snapshot;
}

async function backendsOf({ databaseId }: TestDatabase): Promise<number> {
  const [row] = await query<{ count: number }>(
    POSTGRES_URL,
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = $1',
    [databaseId],
  );
  return row?.count ?? 0;
}

describe('the client registry', () => {
  it('makes one client however many ask at once', async () => {
    const booted = await bench.boot();
    const clients = booted.get(TenantClients);
    const snapshot = await snapshotOf(booted, databases[0]!);
    const leases = await Promise.all(Array.from({ length: 50 }, () => clients.lease(snapshot)));
    expect(new Set(leases.map((lease) => lease.prisma)).size).toBe(1);
    expect(clients.usage()).toMatchObject({ clients: 1, leases: 50 });
    for (const lease of leases) lease.release();
    leases[0]!.release();
    expect(clients.usage().leases).toBe(0);
    await booted.close();
  });

  it('stays within the connection budget, evicts the least recently used, and never one that is leased', async () => {
    const booted = await bench.boot({ config: { tenantPoolSize: 2, tenantConnectionBudget: 4 } });
    const clients = booted.get(TenantClients);
    const [a, b, c] = await Promise.all(databases.map((database) => snapshotOf(booted, database)));
    const leaseA = await clients.lease(a!);
    const leaseB = await clients.lease(b!);
    await leaseA.prisma.customer.count();
    await leaseB.prisma.customer.count();
    expect(clients.usage().connections).toBe(4);
    await expect(clients.lease(c!)).rejects.toMatchObject({
      definition: { code: tenantCapacity.code, status: 503 },
    });

    leaseB.release();
    const leaseC = await clients.lease(c!);
    expect(clients.usage()).toMatchObject({ clients: 2, connections: 4 });
    expect(await leaseC.prisma.customer.count()).toBe(0);
    expect(await leaseA.prisma.customer.count()).toBe(0);
    // A pooler keeps its own connections for a while.
    if (inject('poolerAddress') === '') {
      await eventually(async () => (await backendsOf(databases[1]!)) === 0, 'the evicted pool is closed');
    }

    leaseA.release();
    leaseC.release();
    const again = await Promise.all([clients.lease(b!), clients.lease(b!)]);
    expect(clients.usage().connections).toBe(4);
    for (const lease of again) lease.release();
    await booted.close();
  });

  it('keeps to the budget of each server, and makes room on that server only', async () => {
    const booted = await bench.boot({ config: { tenantPoolSize: 2, tenantConnectionBudget: 10 } });
    const clients = booted.get(TenantClients);
    const [a, b, c] = await Promise.all(databases.map((database) => snapshotOf(booted, database)));
    const onSmall = { serverId: 'srv_small', serverName: 'small', serverConnectionBudget: 3 };
    const elsewhere = await clients.lease(a!);
    elsewhere.release();
    const first = await clients.lease({ ...b!, ...onSmall });
    await expect(clients.lease({ ...c!, ...onSmall })).rejects.toMatchObject({
      definition: { code: tenantCapacity.code },
      headers: { 'Retry-After': '1' },
    });
    first.release();
    const second = await clients.lease({ ...c!, ...onSmall });
    // The one on the other server was used less recently, and is still there.
    const still = await clients.lease(a!);
    expect(still.prisma).toBe(elsewhere.prisma);
    still.release();
    expect(clients.usage()).toMatchObject({ clients: 2, connections: 4 });
    expect(await second.prisma.customer.count()).toBe(0);
    second.release();
    const metrics = await registry.metrics();
    expect(metrics).toMatch(/nova_tenant_client_refusals_total\{limit="server"\} 1/);
    expect(metrics).toMatch(/nova_tenant_client_evictions_total\{reason="server_budget"\} 1/);
    expect(metrics).toMatch(/nova_tenant_connections_held\{server="small"\} 2/);
    await booted.close();
  });

  // A pooler waits for a connection of its own instead.
  it.skipIf(inject('poolerAddress') !== '')(
    'answers with tenant_capacity where PostgreSQL itself has no connection left',
    async () => {
      const booted = await bench.boot();
      const database = databases[0]!;
      const limit = (count: number) =>
        asSuperuser(POSTGRES_URL, (client) =>
          client.query(`ALTER DATABASE ${database.databaseId} CONNECTION LIMIT ${count}`),
        );
      await limit(0);
      const refused = booted.run(database, (ctx) => ctx.db.customer.count());
      await expect(refused).rejects.toMatchObject({
        definition: { code: tenantCapacity.code },
      });
      await limit(-1);
      await eventually(() =>
        booted
          .run(database, (ctx) => ctx.db.customer.count())
          .then(
            () => true,
            () => false,
          ),
      );
      await booted.close();
    },
  );

  it('serves many tenants at once through a small budget', async () => {
    const booted = await bench.boot({ config: { tenantPoolSize: 1, tenantConnectionBudget: 1 } });
    const clients = booted.get(TenantClients);
    const snapshots = await Promise.all(databases.map((database) => snapshotOf(booted, database)));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, index) => {
        const snapshot = snapshots[index % 3]!;
        const lease = await clients.lease(snapshot);
        const [row] = await lease.prisma.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
        lease.release();
        expect(row?.name).toBe(snapshot.databaseName);
      }),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const outcome of refused) expect(outcome.reason).toBeInstanceOf(ProblemError);
    expect(refused.length).toBeLessThan(30);
    expect(clients.usage()).toMatchObject({ leases: 0 });
    expect(clients.usage().connections).toBeLessThanOrEqual(1);
    await booted.close();
  });

  it('replaces a client whose configuration changed, and lets the old one drain', async () => {
    const booted = await bench.boot();
    const clients = booted.get(TenantClients);
    const snapshot = await snapshotOf(booted, databases[0]!);
    const old = await clients.lease(snapshot);
    const fresh = await clients.lease({ ...snapshot, configVersion: snapshot.configVersion + 1 });
    expect(fresh.prisma).not.toBe(old.prisma);
    expect(await old.prisma.customer.count()).toBe(0);
    const stale = await clients.lease(snapshot);
    expect(stale.prisma).toBe(fresh.prisma);
    expect(clients.usage().clients).toBe(2);
    old.release();
    await eventually(() => clients.usage().clients === 1, 'the old client is closed');
    fresh.release();
    stale.release();
    await booted.close();
  });

  it('closes clients that nobody has used for a while', async () => {
    const booted = await bench.boot({ config: { tenantPoolIdleMs: 200 } });
    const clients = booted.get(TenantClients);
    const lease = await clients.lease(await snapshotOf(booted, databases[0]!));
    await lease.prisma.customer.count();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(clients.usage().clients).toBe(1);
    lease.release();
    await eventually(() => clients.usage().clients === 0, 'the idle client is closed');
    expect(clients.usage().connections).toBe(0);
    await booted.close();
  });

  it('survives the loss of every connection, idle and in use', async () => {
    const booted = await bench.boot();
    const database = databases[0]!;
    const lease = await booted.get(TenantClients).lease(await snapshotOf(booted, database));
    const sleeping = lease.prisma.$queryRaw`SELECT 1 FROM pg_sleep(20)`.then(
      () => 'answered',
      () => 'failed',
    );
    await lease.prisma.customer.count();
    await eventually(async () => {
      const asleep =
        "SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query ~ 'pg_sleep'";
      return (await query(POSTGRES_URL, asleep, [database.databaseId])).length > 0;
    }, 'the query is under way');
    const terminate = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
    await asSuperuser(POSTGRES_URL, (client) => client.query(terminate, [database.databaseId]));
    await asSuperuser(POSTGRES_URL, (client) =>
      client.query(terminate, [new URL(bench.config.centralDatabaseUrl).pathname.slice(1)]),
    );
    expect(await sleeping).toBe('failed');
    await eventually(
      () =>
        lease.prisma.customer.count().then(
          () => true,
          () => false,
        ),
      'the pool has recovered',
    );
    await eventually(() =>
      booted
        .run(database, (ctx) => ctx.db.customer.count())
        .then(
          () => true,
          () => false,
        ),
    );
    lease.release();
    await booted.close();
  });

  it('gives no lease once it is closing', async () => {
    const booted = await bench.boot();
    const clients = booted.get(TenantClients);
    const snapshot = await snapshotOf(booted, databases[0]!);
    const lease = await clients.lease(snapshot);
    const closing = clients.close();
    await expect(clients.lease(snapshot)).rejects.toMatchObject({ definition: { code: unavailable.code } });
    expect(await lease.prisma.customer.count()).toBe(0);
    lease.release();
    await closing;
    expect(clients.usage()).toEqual({ clients: 0, leases: 0, connections: 0 });
    await booted.close();
  });

  it('refuses a budget that no tenant fits in', async () => {
    const booted = await bench.boot();
    const config = { ...bench.config, tenantPoolSize: 5, tenantConnectionBudget: 4 };
    const changes = booted.get(ChangeListener);
    const keys = await openKeyRing(bench.central, bench.config);
    expect(() => new TenantClients(config, pino({ level: 'silent' }), keys, changes)).toThrow(
      /TENANT_CONNECTION_BUDGET/,
    );
    await booted.close();
  });
});
