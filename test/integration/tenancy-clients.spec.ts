import { unavailable } from '@nova/core/platform/errors/common-errors.js';
import { ProblemError } from '@nova/core/platform/errors/define-error.js';
import { ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { ConnectionBudget } from '@nova/core/tenancy/clients/connection-budget.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { type DatabaseSnapshot, TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { tenantCapacity } from '@nova/core/tenancy/tenancy.errors.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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
    await eventually(async () => (await backendsOf(databases[1]!)) === 0, 'the evicted pool is closed');

    leaseA.release();
    leaseC.release();
    const again = await Promise.all([clients.lease(b!), clients.lease(b!)]);
    expect(clients.usage().connections).toBe(4);
    for (const lease of again) lease.release();
    await booted.close();
  });

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

describe('a connection budget', () => {
  it('gives no more than it has, and wakes who waits', async () => {
    const budget = new ConnectionBudget(3);
    expect([budget.take(2), budget.take(2), budget.take(1)]).toEqual([true, false, true]);
    const waiting = budget.nextGiven();
    budget.give(2);
    await waiting;
    expect(budget.used).toBe(1);
  });
});
