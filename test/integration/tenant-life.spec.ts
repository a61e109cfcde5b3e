import { archiveTenant, unarchiveTenant } from '@nova/core/features/tenant-life/archive-tenant.js';
import { beginMaintenance, endMaintenance } from '@nova/core/features/tenant-life/maintain-tenant.js';
import { resumeTenant, suspendTenant } from '@nova/core/features/tenant-life/suspend-tenant.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Api, type ApiResponse, expectStatus } from '../support/api.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { queueOf } from '../support/queue-of.js';
import { startSecondApi } from '../support/second-process.js';
import { LifeBench } from '../support/tenant-life.js';

/** How long every process may take to follow, as the issue has it, and to take up what waited. */
const FOLLOWS = { timeout: 2_000, interval: 20 };
const GOES_ON = { timeout: 8_000, interval: 50 };

let nova: Nova;
let second: Nova;
let bench: LifeBench;
let tenant: TestTenant;

beforeAll(async () => {
  nova = await startNova();
  second = await startSecondApi(nova);
  bench = new LifeBench(nova);
});
beforeEach(async () => {
  tenant = await nova.tenant();
  // Both processes have the tenant in their caches before anything happens to it.
  for (const api of apis()) expectStatus(await api.get('/customers'), 200);
});
afterAll(async () => {
  await second.stop();
  await nova.stop();
});

const apis = (): Api[] => [nova, second].map((process) => process.as(tenant.testKey));
const people = (): Api[] => [nova, second].map((process) => process.as(tenant.accessToken));
const caller = () => bench.caller(tenant.tenantId);

const answer = ({ status, body }: ApiResponse) => `${status} ${body.code ?? ''}`.trim();

async function everywhere(expected: string): Promise<void> {
  for (const api of apis())
    await expect.poll(async () => answer(await api.get('/customers')), FOLLOWS).toBe(expected);
}

/** A job and a due moment that came up at a bad time: the one is put off, the other claimed for a long while. */
async function leaveWork(): Promise<() => Promise<unknown>> {
  const { id } = await bench.databaseOf(tenant.tenantId);
  const billing = await queueOf(nova, 'billing');
  const job = await billing.add('billing.run', { tenantId: tenant.tenantId, mode: 'test' });
  await expect.poll(() => job.getState(), GOES_ON).toBe('delayed');
  expect((await billing.getJob(job.id ?? ''))?.attemptsMade).toBe(0);
  const claimedUntil = new Date(Date.now() + 3_600_000);
  const due = { tenantDatabaseId: id, kind: 'payments', dueAt: new Date(), claimedUntil };
  await bench.db.dueWork.create({ data: due });
  return async () => ({
    job: await job.getState(),
    dueRows: await bench.db.dueWork.count({ where: { tenantDatabaseId: id } }),
  });
}

describe('a suspended tenant', () => {
  it('is refused in every process, may look at its account, and goes on as if nothing had been', async () => {
    const outcome = await suspendTenant(bench.deps, caller(), { reason: 'unpaid since May' });
    expect(outcome).toMatchObject({ status: 'suspended', changed: true });
    await everywhere('403 tenant_suspended');
    for (const api of people()) {
      expect(expectStatus(await api.get('/tenants/me'), 200).status).toBe('suspended');
      expect(answer(await api.patch('/tenants/me', { name: 'x' }))).toBe('403 tenant_suspended');
    }
    expect((await tenant.api.get('/customers')).body.detail).toContain('unpaid since May');
    expect(await suspendTenant(bench.deps, caller(), { reason: 'again' })).toMatchObject({ changed: false });

    const work = await leaveWork();
    expect(await resumeTenant(bench.deps, caller())).toMatchObject({ status: 'active', changed: true });
    await everywhere('200');
    await expect.poll(work, GOES_ON).toEqual({ job: 'completed', dueRows: 0 });
    expect(await resumeTenant(bench.deps, caller())).toMatchObject({ changed: false });
    expect(await bench.audit(tenant.tenantId)).toEqual([
      {
        action: 'tenant.suspended',
        before: { status: 'active', reason: null },
        after: { status: 'suspended', reason: 'unpaid since May' },
      },
      {
        action: 'tenant.resumed',
        before: { status: 'suspended', reason: 'unpaid since May' },
        after: { status: 'active', reason: null },
      },
    ]);
  });
});

describe('maintenance', () => {
  it('answers 503 with Retry-After, keeps jobs waiting, and ends with all of them done', async () => {
    const until = new Date(Date.now() + 600_000);
    await beginMaintenance(bench.deps, caller(), { reason: 'A new disk.', until });
    await everywhere('503 tenant_maintenance');
    const refused = await tenant.api.get('/customers');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    for (const api of people()) {
      expectStatus(await api.get('/tenants/me'), 200);
      expect(answer(await api.patch('/tenants/me', { name: 'x' }))).toBe('503 tenant_maintenance');
    }
    const work = await leaveWork();
    await beginMaintenance(bench.deps, caller(), { reason: 'A new disk.', until: null });
    await expect
      .poll(async () => (await tenant.api.get('/customers')).headers.get('retry-after'), FOLLOWS)
      .toBe('60');
    await endMaintenance(bench.deps, caller());
    await everywhere('200');
    await expect.poll(work, GOES_ON).toEqual({ job: 'completed', dueRows: 0 });
    await endMaintenance(bench.deps, caller());
    const actions = (await bench.audit(tenant.tenantId)).map(({ action }) => action);
    expect(actions).toEqual([
      'tenant.maintenance_started',
      'tenant.maintenance_started',
      'tenant.maintenance_ended',
    ]);
  });

  it('is refused an end while a database of the tenant is being copied', async () => {
    await beginMaintenance(bench.deps, caller(), { reason: 'It moves.', until: null });
    const { id, serverId } = await bench.databaseOf(tenant.tenantId);
    const move = await bench.db.databaseMove.create({
      data: {
        id: `mov_${tenant.tenantId}`,
        tenantId: tenant.tenantId,
        tenantDatabaseId: id,
        fromServerId: serverId,
        toServerId: 'srv_other',
        startedBy: 'spec',
      },
    });
    await expect(endMaintenance(bench.deps, caller())).rejects.toThrow(move.id);
    await bench.db.databaseMove.delete({ where: { id: move.id } });
    await endMaintenance(bench.deps, caller());
    await everywhere('200');
  });
});

describe('an archived tenant', () => {
  it('is shut out of its databases by the server, may read its account, and comes back to what it was', async () => {
    await suspendTenant(bench.deps, caller(), { reason: 'unpaid' });
    const database = await bench.databaseOf(tenant.tenantId);
    expect(await bench.doorOf(database)).toBe('open');
    expect(await archiveTenant(bench.deps, caller(), { reason: 'gone quiet' })).toMatchObject({
      status: 'archived',
    });
    expect(await bench.doorOf(database)).toBe('42501');
    await everywhere('410 tenant_archived');
    const login = await nova.anonymous.post('/auth/login', {
      email: tenant.email,
      password: tenant.password,
    });
    const person = nova.as(expectStatus(login, 200).accessToken);
    expect(expectStatus(await person.get('/tenants/me'), 200).status).toBe('archived');
    expect(answer(await person.patch('/tenants/me', { name: 'x' }))).toBe('410 tenant_archived');
    const work = await leaveWork();

    expect(await unarchiveTenant(bench.deps, caller())).toMatchObject({ status: 'suspended' });
    expect(await bench.doorOf(database)).toBe('open');
    await everywhere('403 tenant_suspended');
    await resumeTenant(bench.deps, caller());
    await everywhere('200');
    await expect.poll(work, GOES_ON).toEqual({ job: 'completed', dueRows: 0 });
  });

  it('is not archived by two at once, nor resumed out of turn', async () => {
    const both = await Promise.allSettled([
      archiveTenant(bench.deps, caller(), { reason: null }),
      archiveTenant(bench.deps, caller(), { reason: null }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(resumeTenant(bench.deps, caller())).rejects.toThrow('archived cannot be resumed');
    expect((await bench.audit(tenant.tenantId)).map(({ action }) => action)).toEqual(['tenant.archived']);
  });
});
