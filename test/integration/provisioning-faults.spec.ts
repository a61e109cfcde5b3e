import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import { provisioningFailed } from '@nova/core/tenancy/provisioning/provisioning.errors.js';
import type { ProvisioningStep } from '@nova/core/tenancy/provisioning/tenant-database-rows.js';
import type { TenantDatabase } from '@nova/prisma-central';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { environmentOf, ProvisioningPlatform, query, SILENT } from './provisioning-platform.js';

const STEPS: readonly ProvisioningStep[] = ['role', 'database', 'access', 'check'];
const ROOT = path.resolve(import.meta.dirname, '../..');

let platform: ProvisioningPlatform;
beforeAll(async () => {
  platform = await ProvisioningPlatform.create();
});
afterAll(() => platform.drop());

/** Does something of its own as a step begins. */
class Interrupted extends TenantProvisioner {
  onStep: (step: ProvisioningStep, attempt: TenantDatabase) => Promise<void> | void = () => undefined;

  protected override async beginStep(attempt: TenantDatabase, step: ProvisioningStep): Promise<void> {
    await super.beginStep(attempt, step);
    await this.onStep(step, attempt);
  }
}

function interrupted(onStep: Interrupted['onStep']): Interrupted {
  const provisioner = new Interrupted(platform.config, SILENT, platform.central, platform.keys);
  provisioner.onStep = onStep;
  return provisioner;
}

const failingAt = (failing: ProvisioningStep) =>
  interrupted((step) => {
    if (step === failing) throw new Error(`out of luck at ${step}`);
  });

async function onlyRow(tenantId: string): Promise<TenantDatabase> {
  const rows = await platform.central.db.tenantDatabase.findMany({ where: { tenantId } });
  expect(rows).toHaveLength(1);
  return platform.row(rows[0]?.id ?? '');
}

async function makeOld(row: TenantDatabase): Promise<void> {
  const updatedAt = new Date(row.updatedAt.getTime() - 3_600_000);
  await platform.central.db.tenantDatabase.update({ where: { id: row.id }, data: { updatedAt } });
}

describe('an attempt that fails', () => {
  it.each(STEPS)('at %s leaves nothing on the server, says why, and can be repeated', async (step) => {
    const tenantId = await platform.addTenant();
    await expect(failingAt(step).provision(tenantId, 'test')).rejects.toMatchObject({
      definition: { code: provisioningFailed.code, status: 503 },
      message: 'The test database could not be made; try again.',
    });
    const failed = await onlyRow(tenantId);
    expect(failed).toMatchObject({
      status: 'failed',
      step: 'reserved',
      failure: `At step ${step}: out of luck at ${step}`,
    });
    expect(await platform.onServer(failed.databaseName)).toEqual({ databases: 0, roles: 0 });
    const { id } = await platform.provisioner.provision(tenantId, 'test');
    expect(id).toBe(failed.id);
    expect(await platform.row(id)).toMatchObject({ status: 'active', failure: null });
    expect(await query(await platform.tenantUrl(id), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('because the server is away is on record, and repeated when it is back', async () => {
    const tenantId = await platform.addTenant();
    const { serverId } = await platform.row((await platform.provisioner.provision(tenantId, 'live')).id);
    const server = await platform.central.db.databaseServer.findUniqueOrThrow({ where: { id: serverId } });
    const nowhere = new URL(platform.databases.adminUrl);
    nowhere.port = '1';
    const adminUrlSealed = await platform.keys.seal(nowhere.href, serverId);
    await platform.central.db.databaseServer.update({ where: { id: serverId }, data: { adminUrlSealed } });
    await expect(platform.provisioner.provision(tenantId, 'test')).rejects.toThrow('could not be made');
    await platform.central.db.databaseServer.update({
      where: { id: serverId },
      data: { adminUrlSealed: server.adminUrlSealed },
    });
    const { id } = await platform.provisioner.provision(tenantId, 'test');
    expect((await platform.row(id)).status).toBe('active');
  });

  it('because it was overtaken touches nothing of the one that overtook it', async () => {
    const tenantId = await platform.addTenant();
    const overtaken = interrupted(async (step, attempt) => {
      if (step !== 'access') return;
      // As if this process had stood still, its connection had gone, and another one had begun again and succeeded.
      await platform.central.db.tenantDatabase.update({
        where: { id: attempt.id },
        data: { configVersion: { increment: 1 }, status: 'active', schemaVersion: 'x' },
      });
    });
    await expect(overtaken.provision(tenantId, 'test')).rejects.toThrow('could not be made');
    const row = await onlyRow(tenantId);
    expect(row.status).toBe('active');
    expect(await platform.onServer(row.databaseName)).toEqual({ databases: 1, roles: 1 });
  });
});

describe('a process killed while it makes a database', () => {
  /** Runs a process that is killed as the step begins, or `afterMs` into it. */
  async function killAt(step: ProvisioningStep, tenantId: string, afterMs: number): Promise<void> {
    const program = `
      import 'reflect-metadata';
      import { pino } from 'pino';
      import { loadConfig } from '@nova/core/platform/config/load-config.js';
      import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
      import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
      import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
      const die = () => process.kill(process.pid, 'SIGKILL');
      class Killed extends TenantProvisioner {
        async beginStep(attempt, step) {
          await super.beginStep(attempt, step);
          if (step === '${step}') ${afterMs} === 0 ? die() : setTimeout(die, ${afterMs});
        }
      }
      const config = loadConfig(process.env);
      const log = pino({ level: 'silent' });
      const central = new CentralDatabase(config, log);
      const keys = await openKeyRing(central.pool, config);
      await new Killed(config, log, central, keys).provision('${tenantId}', 'test');
      die();`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      // Where imports of a program given on the command line are looked up from.
      cwd: path.join(ROOT, 'apps/core'),
      env: { PATH: process.env['PATH'], ...environmentOf(platform.databases) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  }

  const MOMENTS = [...STEPS.map((step) => ({ step, afterMs: 0 })), { step: 'database' as const, afterMs: 4 }];

  it.each(MOMENTS)(
    'at $step, $afterMs ms into it, is followed by one that succeeds',
    async ({ step, afterMs }) => {
      const tenantId = await platform.addTenant();
      await killAt(step, tenantId, afterMs);
      const left = await onlyRow(tenantId);
      const { id } = await platform.provisioner.provision(tenantId, 'test');
      expect(id).toBe(left.id);
      expect((await platform.row(id)).status).toBe('active');
      expect(await query(await platform.tenantUrl(id), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );

  it('leaves what is cleaned up after a while when nobody tries again', async () => {
    const tenantId = await platform.addTenant();
    await killAt('access', tenantId, 0);
    const left = await onlyRow(tenantId);
    expect(await platform.onServer(left.databaseName)).toEqual({ databases: 1, roles: 1 });
    expect(await platform.provisioner.cleanUpFailed()).not.toContain(left.id);
    await makeOld(left);
    expect(await platform.provisioner.cleanUpFailed()).toContain(left.id);
    expect(await platform.onServer(left.databaseName)).toEqual({ databases: 0, roles: 0 });
    expect(await onlyRow(tenantId)).toMatchObject({ status: 'failed', step: 'reserved' });
    expect(await platform.provisioner.cleanUpFailed()).toEqual([]);
    await platform.provisioner.provision(tenantId, 'test');
  });

  it('finishes what was being retired', async () => {
    const tenantId = await platform.addTenant();
    const { id } = await platform.provisioner.provision(tenantId, 'test');
    const retiring = { status: 'retired', step: 'retiring' };
    const row = await platform.central.db.tenantDatabase.update({ where: { id }, data: retiring });
    await makeOld(row);
    expect(await platform.provisioner.cleanUpFailed()).toContain(id);
    expect(await platform.onServer(row.databaseName)).toEqual({ databases: 0, roles: 0 });
  });
});
