import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { archiveTenant } from '@nova/core/features/tenant-life/archive-tenant.js';
import { deleteTenant } from '@nova/core/features/tenant-life/delete-tenant.js';
import { purgeTenant } from '@nova/core/features/tenant-life/purge-tenant.js';
import { undeleteTenant } from '@nova/core/features/tenant-life/undelete-tenant.js';
import { PlatformTasks } from '@nova/core/tenancy/housekeeping/platform-tasks.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ApiResponse, expectStatus } from '../support/api.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { queueOf } from '../support/queue-of.js';
import { startSecondApi } from '../support/second-process.js';
import { LifeBench } from '../support/tenant-life.js';

const FOLLOWS = { timeout: 2_000, interval: 20 };

let nova: Nova;
let second: Nova;
let bench: LifeBench;
let folder: string;
let central: pg.Client;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-deletion-'));
  nova = await startNova();
  second = await startSecondApi(nova);
  bench = new LifeBench(nova);
  central = new pg.Client({ connectionString: nova.databases.centralUrl });
  await central.connect();
});
afterAll(async () => {
  await central.end();
  await second.stop();
  await nova.stop();
  await rm(folder, { recursive: true });
});

const answer = ({ status, body }: ApiResponse) => `${status} ${body.code ?? ''}`.trim();

const remove = (tenantId: string, { afterDays = 30, to = folder } = {}) =>
  deleteTenant(bench.deps, bench.caller(tenantId), {
    reason: 'closed',
    afterDays,
    exportTo: { folder: to, pdfs: 'with' },
  });

async function onServer({ databaseName }: { databaseName: string }): Promise<number> {
  const { rows } = await central.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM pg_database WHERE datname = $1)::int
          + (SELECT count(*) FROM pg_roles WHERE rolname = $1)::int AS n`,
    [databaseName],
  );
  return rows[0]?.n ?? -1;
}

/** The tables of central and of the queues in whose rows any of these texts stands. */
async function tablesThatMention(texts: readonly string[]): Promise<string[]> {
  const { rows } = await central.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'bullmq') AND c.relkind = 'r'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const hit = await central.query(`SELECT FROM ${name} AS t WHERE t::text LIKE ANY($1) LIMIT 1`, [
      texts.map((text) => `%${text.replaceAll('_', '\\_')}%`),
    ]);
    if (hit.rowCount) found.push(name);
  }
  return found.sort();
}

async function everywhere(tenant: TestTenant, expected: string): Promise<void> {
  for (const process of [nova, second]) {
    const api = process.as(tenant.testKey);
    await expect.poll(async () => answer(await api.get('/customers')), FOLLOWS).toBe(expected);
  }
}

describe('deleting a tenant', () => {
  it('ends all access at once after a final export, and can be undone', async () => {
    const tenant = await nova.tenant();
    for (const process of [nova, second]) {
      expectStatus(await process.as(tenant.testKey).get('/customers'), 200);
      expectStatus(await process.as(tenant.accessToken).get('/tenants/me'), 200);
    }
    const deletion = await remove(tenant.tenantId, { afterDays: 7 });
    expect(deletion).toMatchObject({ status: 'deleting', changed: true });
    expect(await readdir(deletion.exports[0]?.folder ?? '')).toContain('manifest.json');
    const days = ((deletion.deleteAfter?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 2);
    await everywhere(tenant, '410 tenant_archived');
    for (const process of [nova, second]) {
      const person = process.as(tenant.accessToken);
      await expect.poll(async () => (await person.get('/tenants/me')).status, FOLLOWS).toBe(401);
    }
    const login = { email: tenant.email, password: tenant.password };
    expect(answer(await nova.anonymous.post('/auth/login', login))).toBe('403 no_membership');
    expect(await remove(tenant.tenantId)).toMatchObject({
      changed: false,
      deleteAfter: deletion.deleteAfter,
    });
    const database = await bench.databaseOf(tenant.tenantId);
    expect(await bench.doorOf(database)).toBe('42501');

    await expect(purgeTenant(bench.deps, bench.caller(tenant.tenantId), 'when_due')).rejects.toThrow(
      'can be kept until',
    );
    expect(await undeleteTenant(bench.deps, bench.caller(tenant.tenantId))).toMatchObject({
      status: 'active',
    });
    expect(await bench.doorOf(database)).toBe('open');
    await everywhere(tenant, '200');
    expectStatus(await nova.anonymous.post('/auth/login', login), 200);
    expect((await bench.audit(tenant.tenantId)).map(({ action }) => action)).toEqual([
      'tenant.maintenance_started',
      'tenant.exported',
      'tenant.deletion_requested',
      'tenant.deletion_cancelled',
    ]);
  });

  it('does not go on when the export fails: everything is as it was', async () => {
    const tenant = await nova.tenant();
    const file = path.join(folder, 'a-file');
    await writeFile(file, '');
    await expect(remove(tenant.tenantId, { to: file })).rejects.toMatchObject({
      definition: { code: 'tenant_export_failed' },
    });
    await everywhere(tenant, '200');
    expectStatus(await tenant.user.get('/tenants/me'), 200);
    expect(await bench.doorOf(await bench.databaseOf(tenant.tenantId))).toBe('open');
  });

  it('does not go on when its databases cannot be closed either', async () => {
    const tenant = await nova.tenant();
    const request = { reason: null, afterDays: 1, exportTo: { folder, pdfs: 'without' } } as const;
    const cutOff = deleteTenant(bench.deps, bench.caller(tenant.tenantId), request, (step) => {
      if (step === 'close') throw new Error('the server is away');
    });
    await expect(cutOff).rejects.toThrow('the server is away');
    await everywhere(tenant, '200');
  });

  it('of an archived one goes back to the archive when it is undone', async () => {
    const tenant = await nova.tenant();
    const caller = bench.caller(tenant.tenantId);
    await archiveTenant(bench.deps, caller, { reason: 'gone quiet' });
    await remove(tenant.tenantId);
    expect(await undeleteTenant(bench.deps, caller)).toMatchObject({ status: 'archived' });
    expect(await bench.doorOf(await bench.databaseOf(tenant.tenantId))).toBe('42501');
  });
});

describe('purging a tenant', () => {
  it('leaves its tombstone and the audit log, and nothing else of it anywhere', async () => {
    const slug = `gone-${Date.now().toString(36)}`;
    const tenant = await nova.tenant({ slug });
    const neighbour = await nova.tenant();
    const { tenantId } = tenant;
    expectStatus(await tenant.user.post('/tenants/me/api-keys', { name: 'Live', mode: 'live' }), 201);
    expectStatus(
      await tenant.user.post('/tenants/me/members', { email: neighbour.email, role: 'viewer' }),
      201,
    );
    const databases = await bench.db.tenantDatabase.findMany({ where: { tenantId } });
    expect(databases.length).toBe(2);
    await bench.db.databaseSample.create({
      data: { tenantDatabaseId: databases[0]?.id ?? '', reachable: true },
    });
    await remove(tenantId);
    const queue = await queueOf(nova, 'billing');
    const job = await queue.add('billing.run', { tenantId, mode: 'test' });
    await expect.poll(() => job.getState(), FOLLOWS).toBe('delayed');

    const caller = bench.caller(tenantId);
    expect(await purgeTenant(bench.deps, caller, 'now')).toMatchObject({ status: 'deleted', changed: true });
    expect(await purgeTenant(bench.deps, caller, 'now')).toMatchObject({ status: 'deleted', changed: false });
    for (const database of databases) expect(await onServer(database)).toBe(0);
    const names = databases.flatMap(({ id, databaseName }) => [id, databaseName]);
    expect(await tablesThatMention([tenantId, tenant.userId, ...names])).toEqual([
      'public.audit_log',
      'public.tenants',
    ]);
    expect(await queue.getJob(job.id ?? '')).toBeUndefined();
    expect(await bench.db.tenant.findUniqueOrThrow({ where: { id: tenantId } })).toMatchObject({
      slug,
      name: slug,
      status: 'deleted',
    });
    await everywhere(tenant, '401 unauthenticated');
    expect((await neighbour.user.get('/auth/me')).body.memberships).toHaveLength(1);

    const again = { email: tenant.email, password: tenant.password, name: 'Ada', company: 'Again' };
    expect(answer(await nova.anonymous.post('/auth/register', { ...again, slug }))).toBe('409 slug_taken');
    expectStatus(await nova.anonymous.post('/auth/register', again), 201);
  });

  it('that was cut off can be finished, and not undone', async () => {
    const { tenantId } = await nova.tenant();
    const caller = bench.caller(tenantId);
    await remove(tenantId);
    const cutOff = purgeTenant(bench.deps, caller, 'now', (step) => {
      if (step === 'remove the jobs') throw new Error('cut off');
    });
    await expect(cutOff).rejects.toThrow('cut off');
    await expect(undeleteTenant(bench.deps, caller)).rejects.toMatchObject({
      definition: { code: 'tenant_status_conflict' },
    });
    expect(await purgeTenant(bench.deps, caller, 'now')).toMatchObject({ status: 'deleted' });
  });

  it('asks nothing of a closed server that a database was on which is gone already', async () => {
    const { tenantId } = await nova.tenant();
    const serverId = `srv_${tenantId}`;
    const adminUrlSealed = await bench.deps.keys.seal('postgres://nobody@127.0.0.1:1/postgres', serverId);
    await bench.db.databaseServer.create({
      data: { id: serverId, name: serverId, state: 'closed', host: '127.0.0.1', port: 1, adminUrlSealed },
    });
    const { id: _, ...present } = await bench.databaseOf(tenantId);
    const former = { id: `tdb_old${tenantId}`, databaseName: `old_${tenantId}`, roleName: `old_${tenantId}` };
    await bench.db.tenantDatabase.create({
      data: { ...present, ...former, serverId, status: 'retired', step: 'dropped' },
    });
    await remove(tenantId);
    expect(await purgeTenant(bench.deps, bench.caller(tenantId), 'now')).toMatchObject({ status: 'deleted' });
    await bench.db.databaseServer.delete({ where: { id: serverId } });
  });

  it('is done by the platform when the day has come, and not before', async () => {
    const [due, kept] = [await nova.tenant(), await nova.tenant()];
    await Promise.all([remove(due.tenantId, { afterDays: 0 }), remove(kept.tenantId, { afterDays: 1 })]);
    const database = await bench.databaseOf(due.tenantId);
    await nova.app.get(PlatformTasks, { strict: false }).run();
    const statusOf = async ({ tenantId }: TestTenant) =>
      (await bench.db.tenant.findUniqueOrThrow({ where: { id: tenantId } })).status;
    expect([await statusOf(due), await statusOf(kept)]).toEqual(['deleted', 'deleting']);
    expect(await onServer(database)).toBe(0);
    expect((await bench.audit(due.tenantId)).at(-1)).toMatchObject({ action: 'tenant.deleted' });
  });
});
