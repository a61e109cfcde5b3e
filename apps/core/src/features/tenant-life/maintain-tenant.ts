import type { Prisma } from '@nova/prisma-central';

import { enterMaintenance } from '../../tenancy/maintenance/enter-maintenance.js';
import { leaveMaintenance } from '../../tenancy/maintenance/leave-maintenance.js';
import type {
  Maintenance,
  MaintenanceChange,
  MaintenanceRecord,
} from '../../tenancy/maintenance/maintenance-state.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { tenantBusy } from '../../tenancy/tenancy.errors.js';
import type { AuditAction } from '../audit/audit-actions.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { LifeDeps } from './life-deps.js';

import { openDatabases } from './tenant-databases.js';

/** The statuses whose databases stay closed when maintenance ends. */
const CLOSED_STATUSES = ['archived', 'deleting', 'deleted'];

/**
 * Puts a tenant under maintenance, whatever its status: 503 with Retry-After, and its jobs wait.
 * @throws not_found
 */
export function beginMaintenance(
  deps: Pick<LifeDeps, 'central'>,
  caller: Caller,
  wanted: Maintenance,
): Promise<MaintenanceChange> {
  const record = maintenanceRecord(caller, 'tenant.maintenance_started');
  return enterMaintenance({ db: deps.central.db }, caller.tenantId, wanted, record);
}

/**
 * Ends maintenance. Databases that an operation which was cut off has left closed are opened again.
 * @throws not_found, tenant_busy while the tenant is being moved or another operation is under way
 */
export function endMaintenance(deps: LifeDeps, caller: Caller): Promise<MaintenanceChange> {
  const { tenantId } = caller;
  const { db } = deps.central;
  return withTenantLock(deps.config, tenantId, async () => {
    const move = await db.databaseMove.findFirst({ where: { tenantId, state: 'copying' } });
    if (move) throw tenantBusy(`The move ${move.id} is copying a database of this tenant.`);
    const tenant = await db.tenant.findUnique({ where: { id: tenantId } });
    if (tenant && tenant.maintenanceReason !== null && !CLOSED_STATUSES.includes(tenant.status)) {
      await openDatabases(deps, tenantId);
    }
    const record = maintenanceRecord(caller, 'tenant.maintenance_ended');
    return leaveMaintenance({ db }, tenantId, record);
  });
}

/** Writes the row of the audit log that says who put the tenant under maintenance, or ended it. */
export function maintenanceRecord(caller: Caller, action: AuditAction): MaintenanceRecord {
  return (tx, { before, after }) =>
    recordAudit(tx, caller, {
      action,
      target: { type: 'tenant', id: caller.tenantId },
      ...(before ? { before: printable(before) } : {}),
      ...(after ? { after: printable(after) } : {}),
    });
}

function printable({ reason, until }: Maintenance): Prisma.InputJsonObject {
  return { reason, until: until?.toISOString() ?? null };
}
