import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { announce, type Change, ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { WatchedCache } from '@nova/core/tenancy/central/watched-cache.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import type { Mode } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';

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
let booted: BootedTenancy;
let database: TestDatabase;

beforeAll(async () => {
  bench = await TenancyBench.create();
  booted = await bench.boot();
});
beforeEach(async () => {
  database = await bench.addTenant();
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => bench.drop());

const actor = { type: 'system', id: 'test' } as const;
const open = (mode: Mode = database.mode, tenantId = database.tenantId) =>
  booted.contexts.open({ tenantId, mode, actor, requestId: 'req_1' });

async function codeOf(opening: Promise<unknown>): Promise<string> {
  try {
    await opening;
    return 'opened';
  } catch (error) {
    return (error as { definition: { code: string } }).definition.code;
  }
}

/** Ends the connections that hear of changes, as a restart of PostgreSQL does. */
async function cutListeners(): Promise<void> {
  await asSuperuser(POSTGRES_URL, (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'nova-changes%'`,
      [new URL(bench.config.centralDatabaseUrl).pathname.slice(1)],
    ),
  );
}

describe('opening a tenant', () => {
  it('gives its database, profile and clock, and its lease back', async () => {
    const { ctx, release } = await open();
    const { tenantId, databaseId, mode } = database;
    const tenant = { id: tenantId, name: 'Acme', currency: 'USD' };
    expect(ctx).toMatchObject({ tenantId, databaseId, mode, actor, requestId: 'req_1', tenant });
    expect(Math.abs(ctx.clock.now().getTime() - Date.now())).toBeLessThan(1_000);
    expect(booted.get(TenantClients).usage().leases).toBe(1);
    release();
    release();
    expect(booted.get(TenantClients).usage().leases).toBe(0);
  });

  it('tells whose a database is for as long as it is in use', async () => {
    const directory = booted.get(TenantDirectory);
    const { tenantId, databaseId, mode } = database;
    expect(await directory.ofDatabase('tdb_nobody')).toBeNull();
    expect(await directory.ofDatabase(databaseId)).toEqual({ tenantId, mode });
    await bench.central.query(`UPDATE tenant_databases SET status = 'retired' WHERE id = $1`, [databaseId]);
    await directory.fresh(tenantId);
    expect(await directory.ofDatabase(databaseId)).toBeNull();
  });

  it('gives the lease back when the work throws', async () => {
    await expect(booted.run(database, () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    expect(booted.get(TenantClients).usage().leases).toBe(0);
  });

  it('says what is in the way', async () => {
    expect(await codeOf(open('live', 'ten_nobody'))).toBe('not_found');
    const test = await bench.addTenant('test');
    expect(await codeOf(open('live', test.tenantId))).toBe('live_mode_not_ready');
    expect(await codeOf(open('test', database.tenantId))).toBe('unavailable');
    await bench.central.query(`UPDATE tenants SET status = 'suspended' WHERE id = $1`, [test.tenantId]);
    await booted.get(TenantDirectory).fresh(test.tenantId);
    expect(await codeOf(open('test', test.tenantId))).toBe('tenant_suspended');
  });

  it('refuses a database whose schema is behind, and serves it as soon as it is migrated', async () => {
    const version = (to: string) =>
      bench.central.query('UPDATE tenant_databases SET schema_version = $2 WHERE id = $1', [
        database.databaseId,
        to,
      ]);
    await version('20000101000000_older');
    expect(await codeOf(open())).toBe('tenant_schema_behind');
    await version('99990101000000_newer');
    const { release } = await open();
    release();
  });

  it('sees a database that was made a moment ago', async () => {
    const test = await bench.addTenant('test');
    expect(await codeOf(open('live', test.tenantId))).toBe('live_mode_not_ready');
    await bench.central.query(`UPDATE tenant_databases SET mode = 'live' WHERE id = $1`, [test.databaseId]);
    const { ctx, release } = await open('live', test.tenantId);
    expect(ctx.databaseId).toBe(test.databaseId);
    release();
  });

  it('answers 503 when the database cannot be reached, and keeps no lease', async () => {
    const test = await bench.addTenant('test');
    await asSuperuser(POSTGRES_URL, (client) =>
      client.query(`DROP DATABASE ${test.databaseId} WITH (FORCE)`),
    );
    // PgBouncer says no more than that it could not get there.
    const code = inject('poolerAddress') === '' ? 'unavailable' : 'tenant_unreachable';
    expect(await codeOf(open('test', test.tenantId))).toBe(code);
    expect(booted.get(TenantClients).usage().leases).toBe(0);
  });

  it('reads the test clock as it stands', async () => {
    const test = await bench.addTenant('test');
    await query(test.url, `INSERT INTO test_clock (id, now) VALUES (1, '2030-01-31T10:00:00Z')`);
    const { ctx, release } = await open('test', test.tenantId);
    expect(ctx.clock.now()).toEqual(new Date('2030-01-31T10:00:00Z'));
    release();
  });
});

describe('changes of central', () => {
  it('reach every process once they are committed, and not when they are rolled back', async () => {
    const other = await bench.boot();
    const heard: Change[] = [];
    other.get(ChangeListener).onChange((change) => heard.push(change));
    const { db } = booted.get(CentralDatabase);
    await expect(
      db.$transaction(async (tx) => {
        await announce(tx, { kind: 'session', sessionId: 'ses_rolled_back' });
        throw new Error('No.');
      }),
    ).rejects.toThrow('No.');
    await db.$transaction((tx) => announce(tx, { kind: 'api_key', keyId: 'key_1', hash: 'abc' }));
    await eventually(() => heard.length > 0);
    expect(heard).toEqual([{ kind: 'api_key', keyId: 'key_1', hash: 'abc' }]);
    await other.close();
  });

  it('suspend a tenant everywhere within two seconds', async () => {
    const other = await bench.boot();
    await other.run(database, () => Promise.resolve());
    await booted.get(CentralDatabase).db.$transaction(async (tx) => {
      await tx.tenant.update({ where: { id: database.tenantId }, data: { status: 'suspended' } });
      await announce(tx, { kind: 'tenant', tenantId: database.tenantId });
    });
    const started = performance.now();
    await eventually(
      async () => (await codeOf(other.run(database, () => Promise.resolve()))) === 'tenant_suspended',
    );
    expect(performance.now() - started).toBeLessThan(2_000);
    await eventually(() => other.get(TenantClients).usage().clients === 0, 'its idle client is closed');
    await other.close();
  });

  it('are not to be relied on while the connection is away: caches step aside, and start empty after it', async () => {
    const listener = booted.get(ChangeListener);
    const directory = booted.get(TenantDirectory);
    expect((await directory.get(database.tenantId))?.profile.name).toBe('Acme');
    await bench.central.query(`UPDATE tenants SET name = 'Renamed' WHERE id = $1`, [database.tenantId]);
    // Nobody announced it, so the cache cannot know.
    expect((await directory.get(database.tenantId))?.profile.name).toBe('Acme');

    const gaps: boolean[] = [];
    listener.onGap(() => gaps.push(listener.trusted()));
    await cutListeners();
    await eventually(() => !listener.trusted() || gaps.length > 0, 'the loss is noticed');
    expect((await directory.get(database.tenantId))?.profile.name).toBe('Renamed');
    await eventually(() => listener.trusted(), 'it is back');
    expect(gaps).toEqual([false]);
    expect((await directory.get(database.tenantId))?.profile.name).toBe('Renamed');
  });

  it('of an unknown kind, or none at all, do no harm', async () => {
    const { pool } = booted.get(CentralDatabase);
    for (const payload of ['', 'nonsense', '{"kind":"future"}']) {
      await pool.query('SELECT pg_notify($1, $2)', ['nova_changes', payload]);
    }
    expect(booted.get(ChangeListener).trusted()).toBe(true);
  });
});

describe('a cache that watches changes', () => {
  const cacheOf = (ttlMs = 30_000) =>
    new WatchedCache<{ value: number }>(booted.get(ChangeListener), {
      max: 10,
      ttlMs,
      keyOf: (change) => (change.kind === 'session' ? change.sessionId : null),
    });

  it('reads once for many that ask at once, and not again until it must', async () => {
    const cache = cacheOf();
    const load = vi.fn<() => Promise<{ value: number }>>(async () => ({ value: 1 }));
    await Promise.all(Array.from({ length: 10 }, () => cache.get('a', load)));
    await cache.get('a', load);
    expect(load).toHaveBeenCalledTimes(1);
    cache.forget('a');
    await cache.get('a', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('does not remember what was read before a change that came while it was read', async () => {
    const cache = cacheOf();
    let finish: (found: { value: number }) => void = () => {};
    const reading = cache.get('a', () => new Promise((resolve) => (finish = resolve)));
    cache.forget('a');
    finish({ value: 1 });
    expect(await reading).toEqual({ value: 1 });
    expect(await cache.get('a', async () => ({ value: 2 }))).toEqual({ value: 2 });
  });

  it('remembers neither failures nor that there is nothing', async () => {
    const cache = cacheOf();
    await expect(cache.get('a', () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
    expect(await cache.get('a', async () => null)).toBeNull();
    expect(await cache.get('a', async () => ({ value: 3 }))).toEqual({ value: 3 });
  });
});
