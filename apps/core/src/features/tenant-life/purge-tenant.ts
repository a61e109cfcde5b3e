import { dropOldDatabases } from '../../tenancy/backups/drop-old-databases.js';
import { dropDatabaseAndRole } from '../../tenancy/provisioning/drop-database.js';
import { DROPPED } from '../../tenancy/provisioning/tenant-database-rows.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { withAdminClient } from '../../tenancy/servers/admin-client.js';
import type { Caller } from '../audit/caller.js';
import { changeStatus, type StatusOutcome } from './change-status.js';
import { eraseTenantRows } from './erase-tenant-rows.js';
import { type LifeDeps, type Progress, SILENTLY } from './life-deps.js';
import { decide } from './life-transitions.js';
import { serverOf } from './tenant-databases.js';
import { tenantStatusConflict } from './tenant-life.errors.js';

/** `when_due` refuses before the day that the deletion was set for. */
export type PurgeTime = 'when_due' | 'now';

/**
 * The second step of deleting a tenant, which cannot be undone: its databases and roles are dropped, its jobs are taken
 * off the queues, and then one transaction removes all that central knows of it but the tombstone and the audit log. The
 * tenant is `deleting` until that transaction, so that a call that was cut off is finished by the next.
 * @throws not_found, tenant_status_conflict, tenant_busy
 */
export function purgeTenant(
  deps: LifeDeps,
  caller: Caller,
  time: PurgeTime,
  tell: Progress = SILENTLY,
): Promise<StatusOutcome> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const tenant = await deps.central.db.tenant.findUnique({ where: { id: tenantId } });
    if (tenant && decide('purge', tenant.status).kind === 'change') {
      if (time === 'when_due') refuseBefore(deps, tenant.deleteAfter);
      await dropDatabases(deps, tenantId, tell);
      await tell('remove the jobs');
      await deps.queues.removeAllOf(tenantId);
      await tell('remove the rows');
    }
    return changeStatus(deps, caller, {
      verb: 'purge',
      reason: null,
      ...(tenant?.deleteAfter ? { deleteAfter: tenant.deleteAfter } : {}),
      along: (tx, { id, slug }) => eraseTenantRows(tx, { id, slug }),
    });
  });
}

function refuseBefore(deps: LifeDeps, deleteAfter: Date | null): void {
  if (deleteAfter === null || deleteAfter <= deps.clock.now()) return;
  throw tenantStatusConflict(
    `The tenant can be kept until ${deleteAfter.toISOString()}; it is purged after that, or now with --now.`,
  );
}

async function dropDatabases(deps: LifeDeps, tenantId: string, tell: Progress): Promise<void> {
  const databases = await deps.central.db.tenantDatabase.findMany({
    where: { tenantId },
    orderBy: { createdAt: 'asc' },
  });
  for (const database of databases) {
    await tell(`drop ${database.databaseName}`);
    // One that is gone already, by a reset of test data, may have been on a server that is gone as well.
    if (database.step !== DROPPED) await deps.provisioner.retire(database.id);
    await dropCopies(deps, database);
    await dropOldDatabases(deps, database);
  }
}

/** A move that was not confirmed has left a copy of the database, of the same name, on the other server. */
async function dropCopies(
  deps: LifeDeps,
  database: { id: string; serverId: string; databaseName: string; roleName: string },
): Promise<void> {
  const moves = await deps.central.db.databaseMove.findMany({
    where: { tenantDatabaseId: database.id, state: { in: ['copying', 'switched'] } },
  });
  const others = new Set(moves.flatMap(({ fromServerId, toServerId }) => [fromServerId, toServerId]));
  others.delete(database.serverId);
  for (const serverId of others) {
    const server = await serverOf(deps, { serverId });
    await withAdminClient(server, (admin) => dropDatabaseAndRole(admin, database, { drainMs: 0 }));
  }
}
