import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { deleteTenant } from '@nova/core/features/tenant-life/delete-tenant.js';
import { purgeTenant } from '@nova/core/features/tenant-life/purge-tenant.js';
import { undeleteTenant } from '@nova/core/features/tenant-life/undelete-tenant.js';
import { expect } from 'vitest';

import { killedAtStatement } from './killed-process.js';
import type { Nova } from './nova.js';
import { commandEnvironment } from './nova-command.js';
import { LifeBench } from './tenant-life.js';

/** Calls a verb in a process of its own; its statements are counted from the moment at which the verb begins. */
const PROGRAM = (call: string) => `
  sent = -Infinity;
  import { Module } from '@nestjs/common';
  import { NestFactory } from '@nestjs/core';
  import { pino } from 'pino';
  import { ConfigModule } from '@nova/core/platform/config/config.module.js';
  import { loadConfig } from '@nova/core/platform/config/load-config.js';
  import { LogModule } from '@nova/core/platform/log/log.module.js';
  import { FeaturesModule } from '@nova/core/features/features.module.js';
  import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
  import { deleteTenant } from '@nova/core/features/tenant-life/delete-tenant.js';
  import { purgeTenant } from '@nova/core/features/tenant-life/purge-tenant.js';
  import { TENANT_LIFE } from '@nova/core/features/tenant-life/life-deps.js';
  import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
  class Root {}
  Module({})(Root);
  const config = loadConfig(process.env);
  const log = pino({ level: 'silent' });
  const imports = [ConfigModule.forRoot(config), LogModule.forRoot(log), TenancyModule, FeaturesModule];
  const app = await NestFactory.createApplicationContext({ module: Root, imports }, { logger: false });
  const deps = app.get(TENANT_LIFE, { strict: false });
  sent = 0;
  await ${call};
  sent = -Infinity;
  await app.close();`;

/** Kills deletions and purges of one platform's tenants at their statements, and looks at what that leaves. */
export class DeletionCrashes {
  private readonly bench: LifeBench;

  constructor(
    private readonly nova: Nova,
    private readonly folder: string,
  ) {
    this.bench = new LifeBench(nova);
  }

  /** Answers whether the process was killed before the deletion was done. */
  async killDelete(tenantId: string, statement: number): Promise<boolean> {
    const killed = await this.kill(
      statement,
      `deleteTenant(deps, operatorCaller('${tenantId}'), { reason: null, afterDays: 3, exportTo: { folder: ${JSON.stringify(this.folder)}, pdfs: 'with' } })`,
    );
    const { status } = await this.bench.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    expect(['active', 'deleting']).toContain(status);
    if (status === 'deleting') await this.expectExport(tenantId);
    return killed;
  }

  /** Does what was cut off: the same call again ends well. Then it is taken back, and the tenant is served. */
  async finishDelete(tenantId: string): Promise<void> {
    const exportTo = { folder: this.folder, pdfs: 'with' } as const;
    const caller = this.bench.caller(tenantId);
    // The lock of the dead process goes when the server has noticed.
    await expect
      .poll(() => deleteTenant(this.bench.deps, caller, { reason: null, afterDays: 3, exportTo }), {
        timeout: 20_000,
      })
      .toMatchObject({ status: 'deleting' });
    await this.expectExport(tenantId);
    expect((await readdir(this.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await undeleteTenant(this.bench.deps, caller)).toMatchObject({ status: 'active' });
    expect(await this.bench.doorOf(await this.bench.databaseOf(tenantId))).toBe('open');
  }

  async beginPurge(tenantId: string): Promise<void> {
    const exportTo = { folder: this.folder, pdfs: 'without' } as const;
    const caller = this.bench.caller(tenantId);
    await deleteTenant(this.bench.deps, caller, { reason: null, afterDays: 3, exportTo });
  }

  async killPurge(tenantId: string, statement: number): Promise<boolean> {
    const killed = await this.kill(statement, `purgeTenant(deps, operatorCaller('${tenantId}'), 'now')`);
    const { status } = await this.bench.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    const databases = await this.bench.db.tenantDatabase.count({ where: { tenantId } });
    // Either nothing but the tombstone is left, or the tenant says that it is still being deleted.
    expect(status === 'deleted' ? databases : 'still there').toBe(status === 'deleted' ? 0 : 'still there');
    expect(['deleting', 'deleted']).toContain(status);
    return killed;
  }

  async finishPurge(tenantId: string, databaseName: string): Promise<void> {
    const caller = this.bench.caller(tenantId);
    await expect
      .poll(() => purgeTenant(this.bench.deps, caller, 'now'), { timeout: 20_000 })
      .toMatchObject({ status: 'deleted' });
    const left = await this.bench.db.$queryRaw<{ n: number }[]>`
      SELECT ((SELECT count(*) FROM pg_database WHERE datname = ${databaseName})
            + (SELECT count(*) FROM pg_roles WHERE rolname = ${databaseName})
            + (SELECT count(*) FROM api_keys WHERE tenant_id = ${tenantId})
            + (SELECT count(*) FROM sessions WHERE tenant_id = ${tenantId})
            + (SELECT count(*) FROM memberships WHERE tenant_id = ${tenantId})
            + (SELECT count(*) FROM tenant_databases WHERE tenant_id = ${tenantId}))::int AS n`;
    expect(left).toEqual([{ n: 0 }]);
    expect(
      (await this.bench.audit(tenantId)).filter(({ action }) => action === 'tenant.deleted'),
    ).toHaveLength(1);
  }

  private kill(statement: number, call: string): Promise<boolean> {
    const env = { ...commandEnvironment(this.nova), LOG_LEVEL: 'silent' };
    return killedAtStatement(statement, PROGRAM(call), env);
  }

  /** A tenant that is being deleted has its export, and the audit log says where. */
  private async expectExport(tenantId: string): Promise<void> {
    const entry = (await this.bench.audit(tenantId)).findLast(
      ({ action }) => action === 'tenant.deletion_requested',
    );
    const { testExport } = entry?.after as { testExport: string };
    expect(path.dirname(testExport)).toBe(this.folder);
    expect(await readdir(testExport)).toContain('manifest.json');
  }
}
