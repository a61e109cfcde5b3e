import type { Tenant } from '@nova/prisma-central';

import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { enterMaintenance } from '../../tenancy/maintenance/enter-maintenance.js';
import { leaveMaintenance } from '../../tenancy/maintenance/leave-maintenance.js';
import { maintenanceOf, type Maintenance } from '../../tenancy/maintenance/maintenance-state.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { tenantBusy } from '../../tenancy/tenancy.errors.js';
import type { Caller } from '../audit/caller.js';
import { revokeSessions } from '../auth/revoke-sessions.js';
import { changeStatus, type StatusOutcome } from './change-status.js';
import { exportTenant, type ExportOptions, type TenantExport } from './export/export-tenant.js';
import { type LifeDeps, type Progress, SILENTLY } from './life-deps.js';
import { decide } from './life-transitions.js';
import { maintenanceRecord } from './maintain-tenant.js';
import { closeDatabases, openDatabases } from './tenant-databases.js';
import { tenantExportFailed, tenantStatusConflict } from './tenant-life.errors.js';

const DAY_MS = 86_400_000;
const FINAL_EXPORT = 'It is being exported for the last time before it is deleted.';

export interface DeletionRequest {
  readonly reason: string | null;
  /** How long it can be undone. */
  readonly afterDays: number;
  readonly exportTo: Pick<ExportOptions, 'folder' | 'pdfs'>;
}

export interface Deletion extends StatusOutcome {
  /** Where the final export lies; empty when the tenant was being deleted already. */
  readonly exports: readonly TenantExport[];
}

/**
 * The first step of deleting a tenant. It is stopped and exported, and only when the export is complete it becomes
 * `deleting` with its sessions ended: one transaction, so that no tenant is ever dropped without its export. When it
 * cannot be closed or exported, everything is as it was before. A process that dies on the way leaves the tenant under
 * maintenance; the same call goes on from there, and ending maintenance gives it up.
 * @throws not_found, tenant_status_conflict, tenant_busy, tenant_export_failed
 */
export function deleteTenant(
  deps: LifeDeps,
  caller: Caller,
  request: DeletionRequest,
  tell: Progress = SILENTLY,
): Promise<Deletion> {
  const { tenantId } = caller;
  return withTenantLock(deps.config, tenantId, async () => {
    const tenant = await readDeletable(deps, tenantId);
    if (tenant.status === 'deleting')
      return { ...(await markDeleting(deps, caller, request, [])), exports: [] };
    await tell('stop');
    const before = await stop(deps, caller, tenant);
    const exports = await finalExport(deps, caller, request, tell).catch(async (cause: unknown) => {
      await goBack(deps, caller, tenant, before).catch((failure: unknown) =>
        deps.log.error(
          { err: failure, tenantId },
          'A deletion has failed, and the tenant is still under maintenance.',
        ),
      );
      const why = cause instanceof Error ? cause.message : String(cause);
      throw tenantExportFailed(`The final export failed, so the tenant was not deleted: ${why}`, { cause });
    });
    await tell('delete');
    return { ...(await markDeleting(deps, caller, request, exports)), exports };
  });
}

async function readDeletable(deps: LifeDeps, tenantId: string): Promise<Tenant> {
  const tenant = await deps.central.db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (tenant.kind === 'platform')
    throw tenantStatusConflict('The platform’s own tenant is not deleted: it has the books of all others.');
  const decision = decide('delete', tenant.status);
  if (decision.kind === 'refused') throw tenantStatusConflict(decision.why);
  const move = await deps.central.db.databaseMove.findFirst({
    where: { tenantId, state: { in: ['copying', 'switched'] } },
  });
  if (move) throw tenantBusy(`The move ${move.id} is not confirmed yet. Confirm or revert it first.`);
  return tenant;
}

/** Nobody is served from here on. Answers the maintenance that the tenant was under by somebody else's wish. */
async function stop(deps: LifeDeps, caller: Caller, tenant: Tenant): Promise<Maintenance | null> {
  const record = maintenanceRecord(caller, 'tenant.maintenance_started');
  const wanted = { reason: FINAL_EXPORT, until: null };
  await enterMaintenance({ db: deps.central.db }, tenant.id, wanted, record);
  const before = maintenanceOf(tenant);
  return before?.reason === FINAL_EXPORT ? null : before;
}

async function finalExport(
  deps: LifeDeps,
  caller: Caller,
  { exportTo }: DeletionRequest,
  tell: Progress,
): Promise<TenantExport[]> {
  await tell('close');
  await closeDatabases(deps, caller.tenantId);
  await tell('export');
  return exportTenant(deps, caller, { ...exportTo, modes: ['test', 'live'] }, tell);
}

async function goBack(
  deps: LifeDeps,
  caller: Caller,
  tenant: Tenant,
  before: Maintenance | null,
): Promise<void> {
  const { db } = deps.central;
  if (tenant.status !== 'archived') await openDatabases(deps, tenant.id);
  if (before) {
    await enterMaintenance(
      { db },
      tenant.id,
      before,
      maintenanceRecord(caller, 'tenant.maintenance_started'),
    );
  } else {
    await leaveMaintenance({ db }, tenant.id, maintenanceRecord(caller, 'tenant.maintenance_ended'));
  }
}

function markDeleting(
  deps: LifeDeps,
  caller: Caller,
  { reason, afterDays }: DeletionRequest,
  exports: readonly TenantExport[],
): Promise<StatusOutcome> {
  return changeStatus(deps, caller, {
    verb: 'delete',
    reason,
    deleteAfter: new Date(deps.clock.now().getTime() + afterDays * DAY_MS),
    details: Object.fromEntries(exports.map(({ mode, folder }) => [`${mode}Export`, folder])),
    along: (tx) => endAccess(tx, deps, caller),
  });
}

async function endAccess(tx: CentralTransaction, deps: LifeDeps, caller: Caller): Promise<void> {
  const { tenantId } = caller;
  await tx.tenant.update({
    where: { id: tenantId },
    data: { maintenanceReason: null, maintenanceUntil: null },
  });
  await revokeSessions(tx, deps, caller, { where: { tenantId }, reason: 'removed' });
}
