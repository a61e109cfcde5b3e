import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { deleteTenant } from '@nova/core/features/tenant-life/delete-tenant.js';
import { purgeTenant } from '@nova/core/features/tenant-life/purge-tenant.js';
import { undeleteTenant } from '@nova/core/features/tenant-life/undelete-tenant.js';

import { coreProgram } from './core-program.js';
import { eventually } from './eventually.js';
import { killedAtStatement } from './killed-process.js';
import type { Nova } from './nova.js';
import { commandEnvironment } from './nova-command.js';
import { LifeBench } from './tenant-life.js';

const IMPORTS = [
  "import { deleteTenant } from '@nova/core/features/tenant-life/delete-tenant.js';",
  "import { purgeTenant } from '@nova/core/features/tenant-life/purge-tenant.js';",
];

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
    assert.match(status, /^(active|deleting)$/);
    if (status === 'deleting') await this.requireExport(tenantId);
    return killed;
  }

  /** Does what was cut off: the same call again ends well. Then it is taken back, and the tenant is served. */
  async finishDelete(tenantId: string): Promise<void> {
    const caller = this.bench.caller(tenantId);
    const deletion = await this.onceUnlocked(() => this.delete(tenantId, 'with'));
    assert.equal(deletion.status, 'deleting');
    await this.requireExport(tenantId);
    const unfinished = (await readdir(this.folder)).filter((name) => name.startsWith('.'));
    assert.deepEqual(unfinished, []);
    assert.equal((await undeleteTenant(this.bench.deps, caller)).status, 'active');
    assert.equal(await this.bench.doorOf(await this.bench.databaseOf(tenantId)), 'open');
  }

  async beginPurge(tenantId: string): Promise<void> {
    await this.delete(tenantId, 'without');
  }

  /** Answers whether the process was killed before the purge was done. */
  async killPurge(tenantId: string, statement: number): Promise<boolean> {
    const killed = await this.kill(statement, `purgeTenant(deps, operatorCaller('${tenantId}'), 'now')`);
    const { status } = await this.bench.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    assert.match(status, /^(deleting|deleted)$/);
    // The tenant says that it is being deleted for as long as anything but the tombstone is left.
    const databases = await this.bench.db.tenantDatabase.count({ where: { tenantId } });
    if (status === 'deleted') assert.equal(databases, 0);
    return killed;
  }

  async finishPurge(tenantId: string, databaseName: string): Promise<void> {
    const caller = this.bench.caller(tenantId);
    const purged = await this.onceUnlocked(() => purgeTenant(this.bench.deps, caller, 'now'));
    assert.equal(purged.status, 'deleted');
    const left = await this.bench.db.$queryRaw<{ n: number }[]>`
      SELECT ((SELECT count(*) FROM pg_database WHERE datname = ${databaseName})
            + (SELECT count(*) FROM pg_roles WHERE rolname = ${databaseName})
            + (SELECT count(*) FROM api_keys WHERE tenant_id = ${tenantId})
            + (SELECT count(*) FROM sessions WHERE tenant_id = ${tenantId})
            + (SELECT count(*) FROM memberships WHERE tenant_id = ${tenantId})
            + (SELECT count(*) FROM tenant_databases WHERE tenant_id = ${tenantId}))::int AS n`;
    assert.deepEqual(left, [{ n: 0 }]);
    const rows = (await this.bench.audit(tenantId)).filter(({ action }) => action === 'tenant.deleted');
    assert.equal(rows.length, 1);
  }

  private delete(tenantId: string, pdfs: 'with' | 'without') {
    const request = { reason: null, afterDays: 3, exportTo: { folder: this.folder, pdfs } };
    return deleteTenant(this.bench.deps, this.bench.caller(tenantId), request);
  }

  /** The lock of a process that died goes when the server has noticed. */
  private onceUnlocked<T>(work: () => Promise<T>): Promise<T> {
    return eventually(work, { withinMs: 20_000 });
  }

  private kill(statement: number, call: string): Promise<boolean> {
    const env = { ...commandEnvironment(this.nova), LOG_LEVEL: 'silent' };
    return killedAtStatement(statement, coreProgram(IMPORTS, call), env);
  }

  /** A tenant that is being deleted has its export, and the audit log says where. */
  private async requireExport(tenantId: string): Promise<void> {
    const rows = await this.bench.audit(tenantId);
    const { after } = rows.findLast(({ action }) => action === 'tenant.deletion_requested') ?? {
      after: null,
    };
    const { testExport } = (after ?? {}) as { testExport?: string };
    assert.equal(path.dirname(testExport ?? ''), this.folder);
    assert.ok((await readdir(testExport ?? '')).includes('manifest.json'));
  }
}
