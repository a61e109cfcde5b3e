import { dropOldDatabases } from '../../tenancy/backups/drop-old-databases.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { LifeDeps } from '../tenant-life/life-deps.js';
import { databasesOf } from '../tenant-life/tenant-databases.js';
import { restoreRefused } from './backups.errors.js';
import { RESTORING } from './restore-tenant.js';

/**
 * Drops the databases that were kept when backups took their places. Answers their names.
 * @throws tenant_busy, restore_refused while a restoration is to be finished
 */
export function dropOldDatabase(deps: LifeDeps, caller: Caller, mode: Mode | null): Promise<string[]> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const { maintenanceReason } = await deps.central.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    if (maintenanceReason === RESTORING) {
      throw restoreRefused('A restoration was cut off: finish it first, by the same command again.');
    }
    const databases = await databasesOf(deps, tenantId);
    const dropped: string[] = [];
    for (const database of databases.filter((one) => mode === null || one.mode === mode)) {
      dropped.push(...(await dropOldDatabases(deps, database)));
    }
    if (dropped.length > 0) {
      await deps.central.db.$transaction((tx) =>
        recordAudit(tx, caller, {
          action: 'tenant.old_database_dropped',
          target: { type: 'tenant', id: tenantId },
          before: { databases: dropped },
        }),
      );
    }
    return dropped;
  });
}
